export { default, generateMetadata } from '../../../journal/page';
