export { default, generateMetadata } from '../../../charts/page';
