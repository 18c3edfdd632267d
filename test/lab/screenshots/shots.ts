export interface Shot {
  /** Below docs/. */
  readonly file: string;
  readonly state: 'healthy' | 'breach' | 'rolled-back' | 'many-splits' | 'jobs-draining';
  readonly path: string;
  readonly width: 1280 | 360;
  readonly theme: 'light' | 'dark';
  readonly locale: 'en-US' | 'zh-CN';
  /** The whole page, not only what the first screen shows. */
  readonly whole?: boolean;
}

const shot = (
  state: Shot['state'],
  page: string,
  path: string,
  width: Shot['width'],
  theme: Shot['theme'],
  locale: Shot['locale'],
): Shot => ({
  file: `screens/${page}-${width}-${theme}-${locale.slice(0, 2)}.png`,
  state,
  path,
  width,
  theme,
  locale,
  // A bar at the thumb belongs to a screen; on a whole page it would lie across the middle.
  whole: !['overview', 'breach', 'splits', 'film'].includes(page) && page !== 'charts' && width !== 360,
});

/** D1, fifty minutes in, well; Runware fails, and the watchdog takes the traffic back; and many splits, one of jobs. */
export const shots: readonly Shot[] = [
  { file: 'dashboard.png', state: 'healthy', path: '/', width: 1280, theme: 'light', locale: 'en-US' },
  shot('healthy', 'overview', '/', 1280, 'dark', 'zh-CN'),
  shot('healthy', 'overview', '/', 360, 'light', 'en-US'),
  shot('healthy', 'providers', '/providers', 1280, 'light', 'en-US'),
  shot('healthy', 'policy', '/policy', 1280, 'light', 'en-US'),
  shot('healthy', 'policy', '/policy', 360, 'dark', 'zh-CN'),
  shot('healthy', 'settings', '/settings', 1280, 'dark', 'en-US'),
  shot('healthy', 'settings', '/settings', 360, 'light', 'zh-CN'),
  shot('breach', 'breach', '/', 1280, 'light', 'en-US'),
  shot('breach', 'breach', '/', 360, 'dark', 'zh-CN'),
  shot('rolled-back', 'overview', '/', 1280, 'light', 'en-US'),
  shot('rolled-back', 'overview', '/', 360, 'dark', 'zh-CN'),
  shot('rolled-back', 'charts', '/charts?window=1h', 1280, 'dark', 'en-US'),
  shot('rolled-back', 'charts', '/charts?window=1h', 360, 'light', 'zh-CN'),
  shot('rolled-back', 'journal', '/journal', 1280, 'light', 'zh-CN'),
  shot('rolled-back', 'requests', '/s/gen/requests?arm=runware', 1280, 'light', 'en-US'),
  shot('rolled-back', 'request', '/s/gen/requests/{failed}', 360, 'dark', 'zh-CN'),
  shot('rolled-back', 'incident', '/s/gen/incidents/{incident}', 1280, 'light', 'en-US'),
  shot('rolled-back', 'incident', '/s/gen/incidents/{incident}', 360, 'dark', 'zh-CN'),
  shot('rolled-back', 'sign-in', '/sign-in', 1280, 'dark', 'en-US'),
  shot('many-splits', 'splits', '/', 1280, 'light', 'en-US'),
  shot('many-splits', 'splits', '/', 360, 'dark', 'zh-CN'),
  shot('jobs-draining', 'film', '/s/film', 1280, 'dark', 'en-US'),
];
