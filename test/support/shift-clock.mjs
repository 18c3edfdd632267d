// A preload that lets a process live in the wrong time: `node --import ./shift-clock.mjs`. The host's clock is moved by
// SLUICE_TEST_SHIFT_MS from the start on, and steps by SLUICE_TEST_STEP_MS more at each SIGUSR2. Only what reads the
// wall clock is moved: monotonic time and timers go on, as on a real host.
const real = Date;
let shiftMs = Number(process.env.SLUICE_TEST_SHIFT_MS ?? 0);
const stepMs = Number(process.env.SLUICE_TEST_STEP_MS ?? 0);
process.on('SIGUSR2', () => {
  shiftMs += stepMs;
});

const now = () => real.now() + shiftMs;
const shifted = new Proxy(real, {
  construct: (target, args, as) =>
    Reflect.construct(target, args.length > 0 ? args : [now()], as === shifted ? target : as),
  apply: () => new real(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
globalThis.Date = shifted;
