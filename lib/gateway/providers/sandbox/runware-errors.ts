import { judge, type Wrong } from './judge';
import { runwareSchemas } from './schemas/schemas';
import type { Reply } from './vendor';

export type RunwareTask = Readonly<Record<string, unknown>>;

const uuid4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
const taskTypes = new Set([...runwareSchemas.values()].flatMap(({ fields }) => fields.taskType?.oneOf ?? []));

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
  if (taskType === 'accountManagement' || taskType === 'getResponse') return null;
  if (!taskTypes.has(String(taskType))) return bad('invalidTaskType', 'The task type is not supported.', 'taskType');
  const schema = runwareSchemas.get(String(task.model));
  if (schema === undefined) return bad('invalidModel', 'The model is not known.', 'model');
  if (task.positivePrompt === '') return bad('missingPositivePrompt', 'A prompt is required.', 'positivePrompt');
  const [wrong] = judge(schema, task);
  return wrong === undefined ? null : bad(codeOf(wrong), wordsOf(wrong), wrong.path.join('.'));
}

/** Unlike FAL, Runware refuses what a model does not know. */
function codeOf({ is, path }: Wrong): string {
  if (is === 'unknown') return 'unsupportedParameter';
  const name = path.at(-1) ?? '';
  return `${is === 'missing' ? 'missing' : 'invalid'}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function wordsOf({ is, path, field }: Wrong): string {
  const name = path.join('.');
  switch (is) {
    case 'unknown':
      return `The parameter ${name} is not supported by this model.`;
    case 'missing':
      return `The parameter ${name} is required.`;
    case 'no_choice':
      return field.oneOf ? `${name} must be one of ${field.oneOf.join(', ')}.` : 'The model does not make this size.';
    case 'wrong_type':
      return `${name} is of the wrong type.`;
    default: {
      const multiples = field.step ? `, a multiple of ${field.step}` : '';
      return `${name} must be from ${field.min ?? 'any'} to ${field.max ?? 'any'}${multiples}.`;
    }
  }
}
