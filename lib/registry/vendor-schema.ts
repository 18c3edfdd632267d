/** One field of a vendor's input, as the vendor describes it; what is left out the vendor does not describe. */
export interface VendorField {
  /** An image is text: a URL or a data URI. A list's entries are objects where it has `fields`. */
  readonly type: 'text' | 'whole' | 'number' | 'flag' | 'image' | 'images' | 'list' | 'object' | 'any';
  readonly required?: true;
  /** Of a number its range, of a text its length, of a list how many. */
  readonly min?: number;
  readonly max?: number;
  /** Of a number: only its multiples. */
  readonly step?: number;
  /** Only these; an object may be one of these words instead. */
  readonly oneOf?: readonly (string | number)[];
  readonly fields?: VendorFields;
}

export type VendorFields = Readonly<Record<string, VendorField>>;

/** What one model of a vendor takes, in the vendor's words. */
export interface VendorSchema {
  /** The vendor's own name of the model. */
  readonly id: string;
  readonly fields: VendorFields;
  /** `<width>x<height>`: only these, where a vendor serves no others. */
  readonly sizes?: readonly string[];
  /** The answer holds one `image`, or one `video`, instead of a list of images. */
  readonly answers?: 'image' | 'video';
  /** Where it was read, and when. */
  readonly source: string;
}

/** The field at a path such as `safety.checkContent`; null: there is none. What is not described has any field. */
export function fieldAt({ fields }: Pick<VendorSchema, 'fields'>, path: string): VendorField | null {
  let field: VendorField | undefined = { type: 'object', fields };
  for (const part of path.split('.')) {
    if (field.type === 'any') return field;
    if (field.type !== 'object' || !field.fields || !Object.hasOwn(field.fields, part)) return null;
    field = field.fields[part];
    if (field === undefined) return null;
  }
  return field;
}
