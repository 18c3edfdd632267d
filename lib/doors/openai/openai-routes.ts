import * as answers from '@/lib/api/answers/data-plane';
import { generating, type KeyedRoute } from '../data-route';
import { jsonOf } from '../route';
import { editLimitBytes } from './edit-form';
import { modelHandler, modelsHandler } from './models-list';
import { editBody, editHandler, openaiBody, openaiHandler } from './openai';
import { videoRoutes } from './video-routes';

const asking = { method: 'GET', access: 'key', scope: 'generate', limit: 'generate' } as const;

export const openaiRoutes: readonly KeyedRoute[] = [
  {
    ...generating,
    path: '/v1/images/generations',
    summary: 'The same in the shape of OpenAI',
    body: openaiBody,
    answers: { 200: jsonOf(answers.openaiAnswer, 'Made; x-sluice-provider names who made it') },
    keyed: ({ plane }) => openaiHandler(plane),
  },
  {
    ...generating,
    path: '/v1/images/edits',
    summary: 'Make images of images, in the shape of OpenAI: a form with files, or JSON',
    limitBytes: editLimitBytes,
    isForm: true,
    body: editBody,
    answers: { 200: jsonOf(answers.openaiAnswer, 'Made; x-sluice-provider names who made it') },
    keyed: ({ plane }) => editHandler(plane),
  },
  {
    ...asking,
    path: '/v1/models',
    summary: 'The models that can be made now, as OpenAI lists them',
    answers: { 200: jsonOf(answers.openaiModelsAnswer, 'By alias') },
    keyed: ({ plane }) => modelsHandler(plane),
  },
  {
    ...asking,
    path: '/v1/models/{id}',
    summary: 'Whether a model can be made now',
    answers: { 200: jsonOf(answers.openaiModelAnswer, 'It can') },
    keyed: ({ plane }) => modelHandler(plane),
  },
  ...videoRoutes,
];
