/** A row that becomes lines of fields where there are no columns. */
export const rowLook =
  'border-t max-md:flex max-md:flex-wrap max-md:items-end max-md:gap-2 max-md:py-2 md:[&>*]:py-1.5 md:[&>*]:pr-3 md:[&>*:last-child]:pr-0';

/** The column's name where there are no columns; the field says it too, to those who listen. */
export function PhoneCaption({ text }: { readonly text: string }) {
  return (
    <span aria-hidden="true" className="block text-2xs text-muted md:hidden">
      {text}
    </span>
  );
}
