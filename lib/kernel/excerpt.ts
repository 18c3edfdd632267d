const longest = 64;

/** What a message quotes of a text that was sent: all of it, or its beginning and a sign that more followed. */
export const excerpt = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
