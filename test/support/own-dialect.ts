/** A vendor of nobody's: what its dialect says, as somebody would write it. */
export const filmRules = {
  creates: [
    {
      ...{ method: 'POST', path: '/films', id: ['/film/id'] },
      ...{ follow: { method: 'GET', path: '/films/{id}' }, cancel: { method: 'DELETE', path: '/films/{id}' } },
    },
  ],
  polls: [
    { method: 'GET', path: '/films/{id}', does: 'status', idAt: { in: 'path', name: 'id' } },
    { method: 'DELETE', path: '/films/{id}', does: 'cancel', idAt: { in: 'path', name: 'id' } },
  ],
  lists: [{ method: 'GET', path: '/films' }],
  reading: {
    ...{ task: ['/film'], id: ['/id'], state: ['/state'], error: ['/why'], outputs: ['/url'], kind: 'video' },
    words: { waiting: 'queued', shooting: 'running', cut: 'completed', burnt: 'failed' },
  },
  modelAt: ['/camera'],
  free: [{ method: 'GET', path: '/films/none' }],
  error: {
    body: { trouble: { number: '{number}', say: '{sentence}' } },
    by: { number: { '404': 7, '4xx': 8, '5xx': 9 } },
  },
};
