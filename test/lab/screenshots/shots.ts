export interface Shot {
  /** Below docs/. */
  readonly file: string;
  readonly path: string;
  readonly width: 1280 | 360;
  readonly theme: 'light' | 'dark';
  readonly locale: 'en-US' | 'zh-CN';
  /** The whole page, not only what the first screen shows. */
  readonly whole?: boolean;
}

const shot = (
  page: string,
  path: string,
  width: Shot['width'],
  theme: Shot['theme'],
  locale: Shot['locale'],
): Shot => ({
  file: `screens/${page}-${width}-${theme}-${locale.slice(0, 2)}.png`,
  path,
  width,
  theme,
  locale,
  // A bar at the thumb belongs to a screen; on a whole page it would lie across the middle.
  whole: page !== 'overview' && page !== 'charts' && width !== 360,
});

/** D1, fifty minutes in, well. */
export const shotsBefore: readonly Shot[] = [
  { file: 'dashboard.png', path: '/', width: 1280, theme: 'light', locale: 'en-US' },
  shot('overview', '/', 1280, 'dark', 'zh-CN'),
  shot('overview', '/', 360, 'light', 'en-US'),
  shot('providers', '/providers', 1280, 'light', 'en-US'),
  shot('policy', '/policy', 1280, 'light', 'en-US'),
  shot('policy', '/policy', 360, 'dark', 'zh-CN'),
  shot('settings', '/settings', 1280, 'dark', 'en-US'),
  shot('settings', '/settings', 360, 'light', 'zh-CN'),
];

/** After Runware failed and the watchdog took the traffic back. */
export const shotsAfter: readonly Shot[] = [
  shot('overview', '/', 1280, 'light', 'en-US'),
  shot('overview', '/', 360, 'dark', 'zh-CN'),
  shot('charts', '/charts?window=1h', 1280, 'dark', 'en-US'),
  shot('charts', '/charts?window=1h', 360, 'light', 'zh-CN'),
  shot('journal', '/journal', 1280, 'light', 'zh-CN'),
  shot('requests', '/s/gen/requests?arm=runware', 1280, 'light', 'en-US'),
  shot('request', `/s/gen/requests/bad-47?at=${new Date().toISOString()}`, 360, 'dark', 'zh-CN'),
  shot('incident', '/s/gen/incidents/3', 1280, 'light', 'en-US'),
  shot('incident', '/s/gen/incidents/3', 360, 'dark', 'zh-CN'),
  shot('sign-in', '/sign-in', 1280, 'dark', 'en-US'),
];
