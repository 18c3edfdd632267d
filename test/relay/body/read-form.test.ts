import { describe, expect, it } from 'vitest';
import { formType, readForm } from '@/lib/relay/body/read-form';

const type = 'multipart/form-data; boundary=b1';
const part = (name: string, value: string, more = '') =>
  `--b1\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const model = part('model', 'sora-2');
/** Where some reader ends a line by it, this field names itself a model first. */
const behind = (end: string) =>
  `${model}--b1\r\nContent-Type: a/b${end}Content-Disposition: form-data; name="model"${part('a', 'b').slice(4)}--b1--`;
const read = (text: string, said = type) => readForm(said, Buffer.from(text, 'latin1'), ['model']);

describe('the texts of a form', () => {
  it('are read as a client of a vendor writes them, files left alone', async () => {
    const form = new FormData();
    form.set('model', 'sora-2');
    form.set('input_reference[image_url]', 'https://a.test/a.png');
    form.append('image[]', new Blob(['\r\n\r\n--b']), 'a "b".png');
    form.append('image[]', new Blob(['2']), 'b.png');
    const sent = new Response(form);
    const bytes = Buffer.from(await sent.arrayBuffer());
    const said = sent.headers.get('content-type') ?? '';
    expect(formType(['Content-Type', said])).toBe(said);
    expect(readForm(said, bytes, ['model'])).toEqual({
      model: 'sora-2',
      'input_reference[image_url]': 'https://a.test/a.png',
      'image[]': { file: 1 },
    });
    expect(read(`${model}--b1--`)).toEqual({ model: 'sora-2' });
    // Letters of two bytes and more, one of which ends a line in another alphabet.
    const file = Buffer.from(
      `${model}${part('a', 'x', `; filename="全 \\"Å\\".png"; filename*=UTF-8''%C3%85.png`)}--b1--`,
    );
    expect(readForm(type, file, ['model'])).toEqual({ model: 'sora-2', a: { file: 1 } });
    expect(formType(['content-type', 'application/json'])).toBeNull();
  });

  it.each([
    ['the model twice', `${model}${part('model', 'sora-2-pro')}--b1--`, 'more than once'],
    ['the model as a list, too', `${model}${part('model[]', 'sora-2-pro')}--b1--`, 'looks like model'],
    ['the model in other letters', `${model}${part('Model', 'sora-2-pro')}--b1--`, 'looks like model'],
    ['a name that is packed', `${model}${part('mo%64el', 'sora-2-pro')}--b1--`, 'a plain name'],
    ['a second name', `${model}${part('a', 'b', '; name="model"')}--b1--`, 'a plain name'],
    ['a second name behind a file', `${model}${part('a', 'b', '; filename=; name="model"')}--b1--`, 'a plain name'],
    [
      'a name within that of a file',
      `${model}${part('a', 'b', '; filename="\\"; name=model; b=\\""')}--b1--`,
      'a plain name',
    ],
    ['a second field behind a letter that ends a line for some', behind('\xc3\x85'), 'a plain name'],
    ['the model as a file', `${part('model', 'b', '; filename="a"')}--b1--`, 'model is a file'],
    ...['\n', '\r', '\0', '\x0b', '\x85', '\xc2\x85', '\xe2\x80\xa8'].map((end): [string, string, string] => [
      `a second field behind ${Buffer.from(end, 'latin1').toString('hex')}`,
      ...([behind(end), 'other ends of a line'] as const),
    ]),
    ['another encoding', `--b1\r\nContent-Transfer-Encoding: base64\r\n${model.slice(6)}--b1--`, 'a plain name'],
    ['its boundary behind a short end of line', `${part('a', `1\n${model}`)}--b1--`, 'stands within a field'],
    ['something before', `x\r\n${model}--b1--`, 'must begin with its boundary'],
    ['something behind', `${model}--b1--\r\n${model}`, 'behind its last boundary'],
    ['no end', model, 'breaks off'],
    ['a longer boundary', `${model}--b12--`, 'must end its line'],
  ])('%s is refused', (_, text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  it('are not read of a form that says otherwise what it is, or is packed', () => {
    expect(() => read(`${model}--b1--`, `${type}; charset=utf-7`)).toThrow('with its boundary and nothing else');
    expect(() => read(`${model}--b1--`, 'multipart/form-data; boundary="b1 "')).toThrow(
      'with its boundary and nothing',
    );
    expect(() => formType(['content-type', type, 'Content-Type', 'application/json'])).toThrow('one content-type');
    expect(() => formType(['content-type', type, 'content-encoding', 'gzip'])).toThrow('not packed');
  });
});
