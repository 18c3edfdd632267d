import type { VendorRequest } from '../../models/compile-model';
import type { Fields } from '../../models/image-request';
import type { NewJob } from '../job-calls';

/** Which of Kling's addresses a task stands at; it is asked for there and nowhere else. */
interface KlingCreate {
  readonly type: string;
  readonly body: Fields;
}

const imageFields = ['image', 'image_tail'] as const;

/** `multi-image2video/kling-v1-6` names its type; else an image among the fields decides. */
export function typesOf(model: string): { readonly types: readonly string[]; readonly name: string } {
  const slash = model.indexOf('/');
  if (slash > 0) return { types: [model.slice(0, slash)], name: model.slice(slash + 1) };
  return { types: ['text2video', 'image2video'], name: model };
}

/** What is sent, and where; a text: why it cannot be. */
export function klingCreate({ model, fields, request }: VendorRequest, job: NewJob): KlingCreate | string {
  const { types, name } = typesOf(model.id);
  const [first = 'text2video', second] = types;
  const hasImage = imageFields.some((field) => fields[field] !== undefined);
  const type = hasImage && second !== undefined ? second : first;
  const { duration, ...rest } = fields;
  const body: Record<string, unknown> = { ...rest, model_name: name, external_task_id: job.id };
  if (duration !== undefined) body.duration = String(duration);
  if (type === 'image2video') {
    if (request.aspectRatio !== undefined || request.width !== undefined) {
      return 'a video that begins with an image has the shape of that image here: leave its size out';
    }
    delete body.aspect_ratio;
  }
  for (const field of imageFields) if (field in body) body[field] = bare(body[field]);
  if (Array.isArray(body.image_list)) body.image_list = body.image_list.map(listed);
  if (job.webhookUrl !== null) body.callback_url = job.webhookUrl;
  return { type, body };
}

/** Base64 goes without the `data:` that we know it by. */
function bare(image: unknown): unknown {
  return typeof image === 'string' && image.startsWith('data:') ? image.slice(image.indexOf(',') + 1) : image;
}

const listed = (image: unknown) => (typeof image === 'string' ? { image: bare(image) } : image);
