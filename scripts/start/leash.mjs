// Preloaded into every child of the supervisor: when the supervisor is gone, even by kill -9, the child ends itself.
if (process.channel) {
  process.channel.unref();
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 9_000).unref();
  });
}
