import type { Bench } from './bench';
import { benchDashboard } from './dashboard';

/** The dashboard in a real browser. */
export const dashboard: Bench = {
  name: 'dashboard',
  about: 'the overview in a browser: its bytes, its numbers on the screen, a rollback until it is seen',
  async run() {
    const figures = await benchDashboard();
    return {
      report: {
        title: 'dashboard: in the browser',
        method: ['The built web process and a browser on one machine; 20 navigations and 20 rollbacks by raw SQL.'],
        tables: [{ caption: 'As an operator meets it', head: ['', 'median', 'p95', 'runs'], rows: figures }],
      },
      data: figures,
    };
  },
};
