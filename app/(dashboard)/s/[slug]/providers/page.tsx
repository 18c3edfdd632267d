export { default, generateMetadata } from '../../../providers/page';
