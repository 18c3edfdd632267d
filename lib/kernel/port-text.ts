/** `port 3000 on 127.0.0.1`, as every sentence about it begins. */
export const portText = (port: number, host: string): string => `port ${port} on ${host}`;

export const takenText = (port: number, host: string, by = 'another program'): string =>
  `${portText(port, host)} is taken by ${by}`;

/** What to try instead of a port that is taken. */
export const nextPort = (port: number): number => (port >= 65_535 ? 3000 : port + 1);
