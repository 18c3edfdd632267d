import type { Outgoing } from '@/lib/http/message';
import { Problem, problemResponse } from '@/lib/http/problem';
import { send } from './exchange';
import type { NextHandler } from './pass-to-next';

export type PagesState = 'building' | 'failed';

const retrySeconds = { building: 3, failed: 60 } as const;

const sentences = {
  building: {
    en: 'The pages are being built. Images, the command line and the watchdog work already; this page opens by itself.',
    zh: '页面正在构建。图像接口、命令行与看门狗已经可用；构建完成后本页会自动打开。',
    api: 'Nothing was done: this route is served with the pages, which are being built. Try again soon, or use the CLI.',
  },
  failed: {
    en: 'The pages could not be built; npm start says why. Images, the command line and the watchdog work.',
    zh: '页面构建失败，原因见 npm start 的输出。图像接口、命令行与看门狗可用。',
    api: 'Nothing was done: this route is served with the pages, which could not be built. Use the CLI; npm start says why.',
  },
} as const;

/** Answers in the place of Next for as long as there are no pages: a page to a browser, a problem to a program. */
export function pagesLaterHandler(state: () => PagesState): NextHandler {
  return async (request, response) => {
    const { accept, 'accept-language': language, 'x-request-id': id } = request.headers;
    const isPage = /\btext\/html\b/.test(accept ?? '') && !/^\/(?:api|v1|metrics)(?:[/?]|$)/.test(request.url ?? '/');
    const answer = isPage ? page(state(), language ?? '') : problem(state(), String(id ?? ''));
    send(response, request.method, answer);
  };
}

function problem(state: PagesState, requestId: string): Outgoing {
  const headers = { 'retry-after': String(retrySeconds[state]) };
  const code = state === 'building' ? 'pages-building' : 'pages-missing';
  return problemResponse(new Problem(503, code, sentences[state].api, { headers }), requestId);
}

function page(state: PagesState, language: string): Outgoing {
  const tongue = /^\s*zh\b/i.test(language) ? 'zh' : 'en';
  const seconds = retrySeconds[state];
  const body = `<!doctype html>
<html lang="${tongue}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${seconds}"><title>Sluice</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:20vh auto;padding:0 1em}</style>
</head><body><h1>Sluice</h1><p role="status">${sentences[state][tongue]}</p></body></html>
`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': String(seconds),
  };
  return { status: 503, headers, body };
}
