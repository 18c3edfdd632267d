import { parseArgs } from 'node:util';
import { openStage } from './demo/open-stage';
import { relayKeys, tellRelayStory } from './demo/relay-story';
import { tellStory } from './demo/story';
import { tellVideoStory } from './demo/video-story';

// npm run demo: a whole rollout with time compressed, on a database of its own that is gone afterwards.
const help = `npm run demo [-- --video | -- --relay] [-- --stay] [-- --no-dashboard]

A rollout in about two minutes: D1, D2, then Runware starts to fail, and the watchdog takes the traffic back.
--video         the same of videos: Runware's begin to hang, and after the rollback those that run there drain
--relay         the same of a whole vendor API that is passed on: from an aggregator to the vendor, which begins to fail
--stay          keep everything running afterwards, until Ctrl-C
--no-dashboard  do not build and start the web pages; the story is told here alone
`;
const { values } = parseArgs({
  options: {
    ...{
      video: { type: 'boolean' },
      relay: { type: 'boolean' },
      stay: { type: 'boolean' },
      'no-dashboard': { type: 'boolean' },
    },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

const say = (line: string) => console.log(line);
const end = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.abort(new Error(signal)));

const dashboard = values['no-dashboard'] !== true;
const keys = values.relay ? relayKeys : {};
const stage = await openStage({ say, dashboard, keys, signal: end.signal });
let code = 0;
try {
  const tell = values.relay ? tellRelayStory : values.video ? tellVideoStory : tellStory;
  await tell(stage, say, end.signal);
  if (values.stay) {
    say('\nEverything keeps running; Ctrl-C ends it.');
    await new Promise((resolve) => end.signal.addEventListener('abort', resolve, { once: true }));
  }
} catch (error) {
  code = end.signal.aborted ? 0 : 1;
  if (code === 1) console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  await stage.close();
}
say('The demo has ended and left nothing behind.');
process.exit(code);
