/** What a caller wants, in our words, whichever door it came by. Types only. */

export type Fields = Readonly<Record<string, unknown>>;

/** By https, or as `data:image/…;base64,…`. */
export type InputImage = string;

export interface Lora {
  /** A URL, or what the provider calls it. */
  readonly model: string;
  readonly scale?: number | undefined;
}

/** Our parameters beside prompt, n and size: those that every row knows by these names, and whatever a row declares. */
export interface Params {
  readonly negative_prompt?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly output_format?: string;
  readonly image?: readonly InputImage[];
  readonly mask?: InputImage;
  readonly strength?: number;
  readonly loras?: readonly Lora[];
  readonly safety?: boolean;
  readonly [declared: string]: unknown;
}

/** What one vendor's door was told in that vendor's words, and no row could read. */
interface Raw {
  readonly adapter: string;
  readonly fields: Fields;
  /** Beside the body: what its platform is told of a job. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface ImageRequest {
  /** null: it says none, as where an image is only enlarged. */
  readonly prompt: string | null;
  /** An alias such as `flux-schnell`, or a provider's own name; left out: the default model. */
  readonly model?: string | undefined;
  readonly n: number;
  /** Both or neither. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** `16:9`; never beside the sides. */
  readonly aspectRatio?: string | undefined;
  readonly params?: Params | undefined;
  /** Merged into the body of the provider of that name, or of that adapter. */
  readonly options?: Readonly<Record<string, Fields>> | undefined;
  readonly raw?: Raw | undefined;
  /** What its door left out before anybody was asked, by name. */
  readonly leftOut?: readonly string[] | undefined;
  readonly requestId: string;
  /** Name of the caller it was made for; its events keep it. */
  readonly caller?: string | undefined;
}
