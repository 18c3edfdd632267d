import type { JobOutput, OutputKind } from '../job-calls';
import { isFitImageUrl } from '../outcome';

type Json = Readonly<Record<string, unknown>>;

/** Where a model puts what it made, and what that is. */
const places: readonly (readonly [string, OutputKind])[] = [
  ['video', 'video'],
  ['videos', 'video'],
  ['image', 'image'],
  ['images', 'image'],
  ['audio', 'audio'],
  ['audio_file', 'audio'],
  ['file', 'file'],
  ['files', 'file'],
];

const mostFiles = 64;

/** The files of a result, in the order of the places above; `withheld`: there were some, and a check kept them all. */
export function readFiles(payload: Json, baseUrl: string): readonly JobOutput[] | 'malformed' | 'withheld' {
  const unsafe: unknown = payload.has_nsfw_concepts;
  const found = places.flatMap(([name, kind]) => {
    const all = [payload[name]].flat().flatMap((value) => fileOf(value, kind) ?? []);
    const isKept = (at: number) => name === 'images' && Array.isArray(unsafe) && unsafe[at] === true;
    return all.map((file, at) => ({ file, isKept: isKept(at) }));
  });
  if (found.length > mostFiles || !found.every(({ file }) => isFitImageUrl(file.url, baseUrl))) return 'malformed';
  const given = found.filter(({ isKept }) => !isKept).map(({ file }) => file);
  if (given.length === 0 && found.length > 0) return 'withheld';
  const thumbnail = fileOf(payload.thumbnail, 'image')?.url;
  if (thumbnail === undefined || !isFitImageUrl(thumbnail, baseUrl)) return given;
  return given.map((file) => (file.kind === 'video' ? { ...file, thumbnailUrl: thumbnail } : file));
}

/** An address alone, or an object with one. */
function fileOf(value: unknown, kind: OutputKind): JobOutput | null {
  if (typeof value === 'string') return { url: value, kind, contentType: null };
  if (typeof value !== 'object' || value === null) return null;
  const file = value as Json;
  if (typeof file.url !== 'string') return null;
  const contentType =
    typeof file.content_type === 'string' && file.content_type.length <= 128 ? file.content_type : null;
  return {
    ...{ url: file.url, kind: kind === 'file' ? kindBy(contentType) : kind, contentType },
    ...{ width: whole(file.width, 65_536), height: whole(file.height, 65_536) },
    ...{ seconds: positive(file.duration, 86_400), bytes: whole(file.file_size, Number.MAX_SAFE_INTEGER) },
  };
}

function kindBy(contentType: string | null): OutputKind {
  const [, family] = /^(video|image|audio)\//.exec(contentType ?? '') ?? [];
  return (family as OutputKind | undefined) ?? 'file';
}

function positive(value: unknown, most: number): number | undefined {
  return typeof value === 'number' && value > 0 && value <= most ? value : undefined;
}

function whole(value: unknown, most: number): number | undefined {
  return Number.isSafeInteger(value) ? positive(value, most) : undefined;
}
