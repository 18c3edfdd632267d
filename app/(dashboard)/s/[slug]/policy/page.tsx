export { default, generateMetadata } from '../../../policy/page';
