import type { Reply } from './vendor';

export type RunwareTask = Readonly<Record<string, unknown>>;

const uuid4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
const models = ['runware:100@1', 'runware:101@1'];

export function runwareErrors(status: number, code: string, message: string, about: object = {}): Reply {
  return { status, body: { errors: [{ code, message, ...about }] } };
}

/** What is wrong with one task, in the vendor's words; null when it can be done. */
export function taskFault(task: RunwareTask): Reply | null {
  const { taskType, taskUUID } = task;
  const bad = (code: string, message: string, parameter: string) =>
    runwareErrors(400, code, message, { parameter, taskType, taskUUID });
  if (taskType === 'authentication' || taskType === 'ping') return null;
  if (typeof taskUUID !== 'string' || !uuid4.test(taskUUID)) {
    return bad('invalidTaskUUID', 'taskUUID must be a UUID v4.', 'taskUUID');
  }
  if (taskType === 'accountManagement') return null;
  if (taskType !== 'imageInference') return bad('invalidTaskType', 'The task type is not supported.', 'taskType');
  if (!models.includes(String(task.model))) return bad('invalidModel', 'The model is not known.', 'model');
  if (typeof task.positivePrompt !== 'string' || task.positivePrompt === '') {
    return bad('missingPositivePrompt', 'A prompt is required.', 'positivePrompt');
  }
  for (const side of ['width', 'height'] as const) {
    const value = task[side];
    if (typeof value !== 'number' || value % 64 !== 0 || value < 128 || value > 2048) {
      return bad(`invalid${side === 'width' ? 'Width' : 'Height'}`, 'Use a multiple of 64 from 128 to 2048.', side);
    }
  }
  const count = task.numberResults ?? 1;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 20) {
    return bad('invalidNumberResults', 'Use 1 to 20 results.', 'numberResults');
  }
  return null;
}
