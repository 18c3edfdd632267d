export { default } from '../../../../journal/[id]/page';
