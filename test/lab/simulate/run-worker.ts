import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One process of this folder with its job; what it sends is its report. */
export function runWorker<Report>(name: string, job: object): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), [JSON.stringify(job)]);
    child.once('message', (report) => resolve(report as Report));
    child.once('exit', (code) => code !== 0 && reject(new Error(`A worker ended with ${code}.`)));
  });
}
