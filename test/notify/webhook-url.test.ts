import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '@/lib/kernel/private-address';
import { webhookUrlFault } from '@/lib/notify/webhook-url';

describe('addresses alerts may be sent to', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.0', '2606:4700::1111'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a9fe:a9fe',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'not an address',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('webhook URLs', () => {
  it.each([
    'https://hooks.slack.com/services/T0/B0/x',
    'https://open.feishu.cn/open-apis/bot/v2/hook/1',
    'https://8.8.8.8:8443/a',
    `https://${'a.'.repeat(126)}a/x`,
    'https://[2606:4700::1111]/a',
  ])('%s passes', (url) => {
    expect(webhookUrlFault(url, false)).toBeNull();
  });

  it.each([
    ['http://hooks.slack.com/x', 'must start with https://'],
    ['ftp://hooks.slack.com/x', 'must start with https://'],
    ['file:///etc/passwd', 'must start with https://'],
    ['javascript:alert(1)', 'must start with https://'],
    ['hooks.slack.com', 'is not a URL'],
    [`https://${'a.'.repeat(126)}ab/x`, 'has 254 characters'],
    [`https://${'字'.repeat(950)}.com/x`, 'a name has 253 at most'],
    ['https://ann:pw@hooks.slack.com/x', 'user name or password'],
    ['https://hooks.slack.com@10.0.0.1/x', 'user name or password'],
    ['https://127.0.0.1/x', 'not a public address'],
    ['https://10.0.0.1/x', 'not a public address'],
    ['https://169.254.169.254/latest/meta-data', 'not a public address'],
    ['https://127.0.0.1./x', 'not a public address'],
    ['https://2130706433/x', 'odd way'],
    ['https://0x7f.1/x', 'odd way'],
    ['https://017700000001/x', 'odd way'],
    ['https://127.1/x', 'odd way'],
    ['https://１２７.０.０.１/x', 'odd way'],
    ['https://[::1]/x', 'not a public address'],
    ['https://[::ffff:127.0.0.1]/x', 'not a public address'],
    ['https://[fd00:ec2::254]/x', 'not a public address'],
    ['https://localhost/x', 'a local name'],
    ['https://a.localhost./x', 'a local name'],
    ['https://metadata.google.internal/x', 'a local name'],
    ['https://db/x', 'a local name'],
    ['https://hooks.slack.com\\@10.0.0.1/', 'backslash'],
    ['https://hooks.slack.com/ x', 'space'],
    [`https://hooks.slack.com/${'x'.repeat(2048)}`, 'at most 2048'],
  ])('%s is refused: %s', (url, sentence) => {
    expect(webhookUrlFault(url, false)).toContain(sentence);
  });

  it('lets private addresses through only where they were allowed', () => {
    expect(webhookUrlFault('http://127.0.0.1:9/x', true)).toBeNull();
    expect(webhookUrlFault('gopher://127.0.0.1:9/x', true)).toContain('must start with');
    for (const host of ['169.254.169.254', '0xa9fea9fe', '[fe80::1]', '100.100.100.200']) {
      expect(webhookUrlFault(`http://${host}/latest`, true)).toContain('where a cloud keeps the keys');
    }
  });
});
