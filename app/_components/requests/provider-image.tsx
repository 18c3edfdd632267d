interface ProviderImageProps {
  readonly url: string;
  readonly alt: string;
}

/** From where its provider keeps it; nothing of it is kept here, and its provider is not told who looks. */
export function ProviderImage({ url, alt }: ProviderImageProps) {
  return (
    // biome-ignore lint/performance/noImgElement: it is not ours, and goes through nothing of ours
    <img
      src={url}
      alt={alt}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      className="size-full object-contain text-muted text-xs"
    />
  );
}
