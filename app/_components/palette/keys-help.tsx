'use client';

import { useTranslations } from 'next-intl';
import { usePages } from '../shell/use-pages';
import { Modal } from '../ui/modal';

const own = [
  ['⌘K', 'openKey'],
  ['r', 'rollbackKey'],
  ['a', 'advanceKey'],
  ['?', 'helpKey'],
] as const;

export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('palette');
  const nav = useTranslations('nav');
  const { pages } = usePages();
  const keys = [
    ...own.map(([key, name]) => [key, t(name)] as const),
    ...pages.map(({ key, name }) => [`g ${key}`, nav(name)] as const),
    ['⌘↵', t('sendKey')] as const,
  ];
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title={t('help')} description={t('helpHint')}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 p-5 text-sm">
        {keys.map(([key, text]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-control border bg-sunken px-1.5 py-0.5 font-mono text-xs">{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
