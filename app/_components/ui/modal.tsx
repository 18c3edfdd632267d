'use client';

import { useTranslations } from 'next-intl';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { isComposing } from '../lists/composing';
import { SignInAgain } from '../sign-in/sign-in-again';
import { Icon } from './icon';

interface ModalProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description: string;
  readonly children: ReactNode;
}

/** Where the hand goes first is marked `data-first`; the close button, first in the markup, is not it. */
function focusFirst(event: Event) {
  const first = event.currentTarget instanceof Element ? event.currentTarget.querySelector('[data-first]') : null;
  if (!(first instanceof HTMLElement)) return;
  event.preventDefault();
  first.focus();
}

/** To what opened it, unless another dialog has the focus by now. */
function giveBack(opener: Element | null) {
  if (document.activeElement !== document.body && document.activeElement !== null) return;
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
}

/** From any field of a dialog, a text of several lines too. */
function sendByKeys(event: KeyboardEvent) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !(event.target instanceof Element)) return;
  const form = event.target.closest('form');
  const button = form?.querySelector<HTMLButtonElement>('button[type="submit"]');
  if (!form || !button || button.disabled) return;
  event.preventDefault();
  form.requestSubmit(button);
}

export function Modal({ open, onOpenChange, title, description, children }: ModalProps) {
  const t = useTranslations('ui');
  const opener = useRef<Element | null>(null);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Dialog.Content
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            focusFirst(event);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveBack(opener.current);
          }}
          onKeyDown={sendByKeys}
          onEscapeKeyDown={(event) => isComposing(event) && event.preventDefault()}
          className="fixed inset-x-3 top-[max(12px,8dvh)] z-50 mx-auto flex max-h-[84dvh] max-w-xl flex-col overflow-auto rounded-panel border bg-surface shadow-float"
        >
          <div className="sticky top-0 flex items-start justify-between gap-3 border-b bg-surface px-5 py-3">
            <div>
              <Dialog.Title className="font-semibold text-lg">{title}</Dialog.Title>
              <Dialog.Description className="text-muted text-sm">{description}</Dialog.Description>
            </div>
            <Dialog.Close
              className="-mr-2 grid size-8 place-items-center rounded-control text-muted hover:bg-sunken"
              aria-label={t('close')}
            >
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <SignedOut />
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The session may end while somebody writes; behind the dialog nobody would see it. */
function SignedOut() {
  return (
    <p role="status" className="bg-caution-soft px-5 py-2 text-caution text-sm empty:hidden">
      <SignInAgain />
    </p>
  );
}
