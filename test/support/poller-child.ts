import { connect } from '@/lib/postgres/connection';
import { testPoller } from './polled-jobs';

/** A poller in a process of its own, to be killed: `poller-child DATABASE_URL`. */
const [url = ''] = process.argv.slice(2);
testPoller(connect(url, { name: 'poller child', max: 2 }), { limits: { leaseMs: 4000, callWithinMs: 2500 } }).start();
