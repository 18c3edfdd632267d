import { z } from 'zod';
import { videoAnswer, videoDeletedAnswer, videosAnswer } from '@/lib/api/answers/videos';
import { asking, generating, type KeyedRoute } from '../data-route';
import { jsonOf } from '../route';
import { remixBody, videoBody } from './video-body';
import { contentHandler, contentQuery } from './video-content';
import {
  createVideoHandler,
  deleteVideoHandler,
  listVideosHandler,
  readVideoHandler,
  remixHandler,
  videoQuery,
} from './videos';

const begun = jsonOf(videoAnswer, 'Begun; openai-poll-after-ms says when to ask for it');

export const videoRoutes: readonly KeyedRoute[] = [
  {
    ...generating,
    path: '/v1/videos',
    summary: "Begin a video, in the shape of OpenAI's: a form, with a picture perhaps, or JSON",
    isForm: true,
    body: videoBody,
    answers: { 200: begun },
    keyed: createVideoHandler,
  },
  {
    ...{ ...asking, method: 'GET', path: '/v1/videos' },
    summary: "The caller's videos",
    query: videoQuery,
    answers: { 200: jsonOf(videosAnswer) },
    keyed: listVideosHandler,
  },
  {
    ...{ ...asking, method: 'GET', path: '/v1/videos/{video}' },
    summary: 'What became of a video',
    answers: { 200: jsonOf(videoAnswer) },
    keyed: readVideoHandler,
  },
  {
    ...{ ...asking, method: 'DELETE', path: '/v1/videos/{video}' },
    summary: 'Forget a video that has ended; one that is being made is stopped, and deleted when it has ended',
    answers: { 200: jsonOf(videoDeletedAnswer) },
    refusals: [409],
    keyed: deleteVideoHandler,
  },
  {
    ...{ ...asking, method: 'GET', path: '/v1/videos/{video}/content' },
    summary: 'The bytes of a video that is completed, from where its provider keeps them',
    query: contentQuery,
    headers: z.object({ range: z.string().optional().describe('bytes=0-1023: a part of it') }),
    answers: {
      200: { description: 'The whole', schema: z.string(), mediaType: 'video/mp4' },
      206: { description: 'The part that was asked for', schema: z.string(), mediaType: 'video/mp4' },
    },
    refusals: [404, 410, 416, 502],
    keyed: contentHandler,
  },
  {
    ...generating,
    path: '/v1/videos/{video}/remix',
    summary: 'Begin the same video with another prompt',
    isForm: true,
    body: remixBody,
    answers: { 200: begun },
    refusals: [...generating.refusals, 400, 404],
    keyed: remixHandler,
  },
];
