import { startAppFront } from './app-front';

// A process of its own, so that everything it prints can be read; it ends when its standard input does.
const { url, close } = await startAppFront();
process.stdout.write(`LISTENING ${url}\n`);
process.stdin.resume().once('end', () => void close().then(() => process.exit(0)));
