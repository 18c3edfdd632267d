'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type ApiProblem, writeApi } from '@/app/_queries/api';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { Credential } from './credential-form';
import type { Key } from './key';

interface MailedCodeProps {
  readonly email: string;
  readonly pending: boolean;
  readonly onKey: (key: Key) => void;
}

/** A link and a code by mail; the answer is the same whether the address is known or not. */
export function MailedCode({ email, pending, onKey }: MailedCodeProps) {
  const t = useTranslations('signIn');
  const [code, setCode] = useState('');
  const send = useMutation<unknown, ApiProblem>({
    mutationFn: () => writeApi('POST', '/api/session', { email, send_code: true }),
  });
  return (
    <>
      <Button disabled={email === '' || send.isPending} onClick={() => send.mutate()} className="min-h-10">
        {send.isPending ? t('sending') : t('sendCode')}
      </Button>
      {send.error && <ProblemNote problem={send.error} />}
      {send.isSuccess && (
        <>
          <p role="status" className="text-muted text-sm">
            {t('codeSent')}
          </p>
          <Credential
            label={t('code')}
            value={code}
            onText={setCode}
            inputMode="numeric"
            autoComplete="one-time-code"
            className="font-mono"
          />
          <Button
            look="solid"
            disabled={code.trim() === '' || pending}
            onClick={() => onKey({ email, code: code.trim() })}
            className="min-h-10"
          >
            {t('submitCode')}
          </Button>
        </>
      )}
    </>
  );
}
