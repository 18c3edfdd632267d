/** How what a type of channel speaks is called here; `models` are asked for by the images door, a dialect is relayed. */
type Speaks = { readonly models: true } | Relayed;

export interface Relayed {
  readonly dialect: string;
  readonly path: string;
}

export interface ChannelType {
  readonly name: string;
  /** Where it is called that names no address; null: it must name one. */
  readonly url: string | null;
  /** null: nothing here speaks it. */
  readonly speaks: Speaks | null;
}

const images = { models: true } as const;
const relay = (dialect: string, path = '') => ({ dialect, path });
const type = (name: string, speaks: Speaks | null = null, url: string | null = null): ChannelType => ({
  name,
  url,
  speaks,
});

/** Of both, as far as their numbers agree. */
const shared: Readonly<Record<number, ChannelType>> = {
  1: type('OpenAI', images, 'https://api.openai.com'),
  3: type('Azure'),
  5: type('OpenAI-SB', images, 'https://api.openai-sb.com'),
  6: type('OpenAI Max', images, 'https://api.openaimax.com'),
  7: type('OhMyGPT', images, 'https://api.ohmygpt.com'),
  8: type('Custom', images),
  9: type('AILS', images, 'https://api.caipacity.com'),
  10: type('AI Proxy', images, 'https://api.aiproxy.io'),
  11: type('PaLM'),
  12: type('API2GPT', images, 'https://api.api2gpt.com'),
  13: type('AIGC2D', images, 'https://api.aigc2d.com'),
  14: type('Anthropic'),
  15: type('Baidu'),
  16: type('Zhipu'),
  17: type('Ali'),
  18: type('Xunfei'),
  19: type('360'),
  20: type('OpenRouter', images, 'https://openrouter.ai/api'),
  21: type('AI Proxy Library'),
  22: type('FastGPT'),
  23: type('Tencent'),
  24: type('Gemini'),
  25: type('Moonshot', images, 'https://api.moonshot.cn'),
};

const newApi: Readonly<Record<number, ChannelType>> = {
  ...shared,
  2: type('Midjourney'),
  4: type('Ollama'),
  26: type('Zhipu v4'),
  27: type('Perplexity'),
  31: type('LingYiWanWu', images, 'https://api.lingyiwanwu.com'),
  33: type('AWS'),
  34: type('Cohere'),
  35: type('MiniMax'),
  36: type('Suno', relay('suno', '/suno')),
  37: type('Dify'),
  38: type('Jina'),
  39: type('Cloudflare'),
  40: type('SiliconFlow', images, 'https://api.siliconflow.cn'),
  41: type('Vertex AI'),
  42: type('Mistral'),
  43: type('DeepSeek', images, 'https://api.deepseek.com'),
  44: type('Moka AI'),
  45: type('VolcEngine'),
  46: type('Baidu v2'),
  47: type('Xinference', images),
  48: type('xAI', images, 'https://api.x.ai'),
  49: type('Coze'),
  50: type('Kling', relay('kling'), 'https://api.klingai.com'),
  51: type('Jimeng', relay('jimeng'), 'https://visual.volcengineapi.com'),
  52: type('Vidu'),
  53: type('Submodel', images, 'https://llm.submodel.ai'),
  54: type('Doubao video'),
  55: type('Sora', relay('openai-videos'), 'https://api.openai.com'),
  56: type('Replicate'),
  57: type('Codex'),
};

const oneApi: Readonly<Record<number, ChannelType>> = {
  ...shared,
  2: type('API2D', images),
  4: type('CloseAI', images),
  26: type('Baichuan'),
  27: type('MiniMax'),
  28: type('Mistral'),
  29: type('Groq'),
  30: type('Ollama'),
  31: type('LingYiWanWu', images, 'https://api.lingyiwanwu.com'),
  32: type('StepFun', images, 'https://api.stepfun.com'),
  33: type('AWS'),
  34: type('Coze'),
  35: type('Cohere'),
  36: type('DeepSeek'),
  37: type('Cloudflare'),
  38: type('DeepL'),
  39: type('Together AI', images, 'https://api.together.xyz'),
  40: type('Doubao'),
  41: type('Novita'),
};

/** One-api is known by columns that new-api never had. */
export const isOneApi = (columns: ReadonlySet<string>): boolean =>
  (columns.has('config') || columns.has('system_prompt')) && !columns.has('auto_ban');

export function channelType(number: number, isOfOneApi: boolean): ChannelType {
  const known = isOfOneApi ? oneApi : newApi;
  return Object.hasOwn(known, number) ? (known[number] as ChannelType) : type(`type ${number}`);
}

/** Aggregators have no types of their own for these: what a channel is for, its models tell. */
const byModels: readonly (readonly [RegExp, Relayed])[] = [
  [/^(?:runway|gen-?[34]|gen4)/i, relay('runway', '/runwayml')],
  [/^pika/i, relay('pika', '/pika')],
  [/^kling/i, relay('kling', '/kling')],
  [/^jimeng/i, relay('jimeng', '/jimeng')],
  [/^(?:suno|chirp)/i, relay('suno', '/suno')],
];

/** The vendors whose whole APIs a channel passes on, each once; none where a model is of no such vendor. */
export function vendorsByModels(models: readonly string[], { speaks }: ChannelType): readonly Relayed[] {
  // A type of such a vendor's own says it better than names do.
  if (speaks !== null && 'dialect' in speaks && byModels.some(([, { dialect }]) => dialect === speaks.dialect))
    return [];
  const found = models.map((model) => byModels.find(([shape]) => shape.test(model))?.[1]);
  return [...new Set(found.flatMap((vendor) => vendor ?? []))].filter(() => !found.includes(undefined));
}

const imageShape =
  /^(?:dall-e|gpt-image|chatgpt-image|flux|sd[-_x0-9]|sdxl|stable-?diffusion|imagen|seedream|doubao-seedream|ideogram|recraft|kolors|qwen-image|hidream|playground-v|z-image)|(?:^|[-/_])(?:flux|image|images|sdxl|stable-diffusion|kolors|qwen-image)(?:[-/_.]|$)/i;

/** By its name, since no channel says what a model is for. */
export const isImageModel = (model: string): boolean => imageShape.test(model);
