import { classes } from './classes';

const paths = {
  check: 'M3.5 8.5l3 3 6-7',
  close: 'M4 4l8 8M12 4l-8 8',
  alert: 'M8 2.2L14.6 13.5H1.4zM8 6.2v3.4M8 11.4v.4',
  clock: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 4.8V8l2.2 1.6',
  lock: 'M3.8 7.2h8.4v6.3H3.8zM5.5 7.2V5a2.5 2.5 0 015 0v2.2',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2l7.4 4.8L5 12.8z',
  back: 'M6 4L2.5 7.5 6 11M3 7.5h6.2a4 4 0 010 8',
  forward: 'M3 8h9.5M9 4.5L12.5 8 9 11.5',
  up: 'M8 13V3.5M4.5 7L8 3.5 11.5 7',
  down: 'M8 3v9.5M4.5 9L8 12.5 11.5 9',
  dash: 'M4 8h8',
  eye: 'M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 6.3a1.7 1.7 0 100 3.4 1.7 1.7 0 000-3.4z',
  circle: 'M8 3.2a4.8 4.8 0 100 9.6 4.8 4.8 0 000-9.6z',
  dot: 'M8 3.2a4.8 4.8 0 100 9.6 4.8 4.8 0 000-9.6zM8 6.9a1.1 1.1 0 100 2.2 1.1 1.1 0 000-2.2z',
  sun: 'M8 5.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13.2 9.6A5.6 5.6 0 016.4 2.8a5.6 5.6 0 106.8 6.8z',
  screen: 'M2 3h12v8H2zM5.5 13.5h5',
  link: 'M6.6 9.4l2.8-2.8M7.2 4.8l1.4-1.4a2.8 2.8 0 014 4l-1.4 1.4M8.8 11.2l-1.4 1.4a2.8 2.8 0 01-4-4l1.4-1.4',
  copy: 'M5.5 5.5h7.5v8H5.5zM3 10.5v-8h7.5',
  download: 'M8 2.5v7.8M4.8 7.2L8 10.4l3.2-3.2M2.8 13.5h10.4',
  gauge: 'M2.5 12a6 6 0 1111 0M8 9.5l2.6-3',
  chart: 'M2.5 2.5v11h11M4.8 10.2l2.7-3.4 2.3 1.8 3.4-4.4',
  search: 'M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.4 10.4l3.1 3.1',
  server: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.1M5 11h.1',
  book: 'M3.5 2.5h9v11h-9zM6 5.5h4M6 8h4M6 10.5h2.5',
  film: 'M2.5 3h11v10h-11zM5.2 3v10M10.8 3v10M2.5 6.3h2.7M2.5 9.7h2.7M10.8 6.3h2.7M10.8 9.7h2.7',
  command:
    'M5.8 5.8H4.2a1.6 1.6 0 111.6-1.6zM5.8 5.8h4.4v4.4H5.8zM10.2 5.8V4.2a1.6 1.6 0 111.6 1.6zM10.2 10.2h1.6a1.6 1.6 0 11-1.6 1.6zM5.8 10.2v1.6a1.6 1.6 0 11-1.6-1.6z',
  gear: 'M8 5.6a2.4 2.4 0 100 4.8 2.4 2.4 0 000-4.8zM8 1.6v1.9M8 12.5v1.9M1.6 8h1.9M12.5 8h1.9M3.5 3.5l1.3 1.3M11.2 11.2l1.3 1.3M3.5 12.5l1.3-1.3M11.2 4.8l1.3-1.3M8 3.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9z',
  rules: 'M2.5 4h11M2.5 8h11M2.5 12h11M5 2.6v2.8M10.5 6.6v2.8M7 10.6v2.8',
} as const;

export type IconName = keyof typeof paths;

/** Line icons on a 16 px grid. Always beside a word, so never read aloud. */
export function Icon({ name, className = '' }: { readonly name: IconName; readonly className?: string }) {
  // Without a size an svg takes all the room there is.
  const size = /(?:^|\s)size-/.test(className) ? '' : 'size-4';
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={classes(size, className, 'shrink-0')}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
