import { type Change, changesOf } from './operators';
import { childrenOf, isSyntax, parse, type Syntax } from './syntax';

export interface Mutant {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  /** The source that is changed, and what it is changed to. */
  readonly was: string;
  readonly becomes: string;
  /** The first mutant of the same node: what was reached there was reached for all of them. */
  readonly place: number;
}

export interface Instrumented {
  readonly code: string;
  readonly mutants: readonly Mutant[];
}

/**
 * The source with every mutant in it, each behind a switch: `active === 17 ? a >= b : a > b`. One load serves them all.
 * Every loop and function burns fuel, so that a mutant that never ends is stopped where it turns.
 */
export function instrument(file: string, source: string, firstId: number): Instrumented {
  const writer = new Writer(file, source, firstId);
  const code = writer.write(parse(source));
  return { code: `const __m = globalThis.__mutation; const __h = __m.reached;\n${code}`, mutants: writer.mutants };
}

class Writer {
  readonly mutants: Mutant[] = [];

  constructor(
    private readonly file: string,
    private readonly source: string,
    private readonly firstId: number,
  ) {}

  write = (node: Syntax, inChain = false): string => {
    switch (node.type) {
      case 'ImportDeclaration':
        return this.textOf(node);
      case 'IfStatement':
      case 'ConditionalExpression':
        return this.inside(node, { test: (test) => this.expression(test, [forced('true'), forced('false')]) });
      case 'WhileStatement':
      case 'ForStatement':
        return this.inside(node, {
          test: (test) => this.expression(test, [forced('false')]),
          body: (body) => `{${burn}${this.write(body)}}`,
        });
      case 'ForOfStatement':
        return this.inside(node, { body: (body) => `{${burn}${this.write(body)}}` });
      case 'ReturnStatement':
        return this.inside(node, { argument: (value) => this.expression(value, nothingInstead(value)) });
      case 'ArrowFunctionExpression':
        return this.inside(node, { body: (body) => this.arrowBody(body) });
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        return this.inside(node, { body: (body) => this.write(body).replace('{', `{${burn}`) });
      case 'ExpressionStatement':
      case 'ContinueStatement':
      case 'BreakStatement':
      case 'ThrowStatement':
        return this.statement(node);
      case 'ChainExpression':
        return this.expression(node, changesOf(node.expression as Syntax, this.source));
      default:
        return this.expression(node, [], inChain);
    }
  };

  private readonly textOf = (node: Syntax): string => this.source.slice(node.start, node.end);

  private arrowBody(body: Syntax): string {
    if (body.type === 'BlockStatement') return this.write(body).replace('{', `{${burn}`);
    return this.expression(body, nothingInstead(body));
  }

  /** A statement that can be left out. `super(…)` cannot. */
  private statement(node: Syntax): string {
    const inner = this.inside(node);
    if (node.type === 'ExpressionStatement' && this.textOf(node).startsWith('super(')) return inner;
    const [mutant] = this.add(node, [{ operator: 'statement', becomes: ';' }]);
    return mutant ? `{__h[${mutant.id}]=1;if(__m.active!==${mutant.id}){${inner}}}` : inner;
  }

  /** An expression, and `more` that its place allows on top of what its kind does. */
  private expression(node: Syntax, more: readonly Change[], inChain = false): string {
    const changes = [...more, ...(inChain || node.type === 'ChainExpression' ? [] : changesOf(node, this.source))];
    const added = this.add(node, changes);
    const inner = this.inside(node, {}, inChain || node.type === 'ChainExpression');
    const [first] = added;
    if (!first) return inner;
    const cases = added.map(({ id, becomes }) => `__m.active===${id}?(${becomes}):`).join('');
    return `(__h[${first.id}]=1,${cases}(${inner}))`;
  }

  /** The node's own text with its children written anew, some of them in their own way. */
  private inside(node: Syntax, own: Readonly<Record<string, (child: Syntax) => string>> = {}, inChain = false): string {
    let written = '';
    let at = node.start;
    const byChild = new Map(Object.entries(own).map(([key, write]) => [node[key], write] as const));
    for (const child of childrenOf(node)) {
      const isTarget = node.type === 'AssignmentExpression' && child === node.left;
      const write = byChild.get(child) ?? (isTarget ? this.target : this.follow(node, inChain));
      written += this.source.slice(at, child.start) + write(child);
      at = child.end;
    }
    return written + this.source.slice(at, node.end);
  }

  /** What is assigned to stays as it is; an index in it may change. */
  private readonly target = (node: Syntax): string => this.inside(node);

  /** Down the spine of `a?.b.c(…)` nothing is bracketed, or the chain would no longer end as a whole. */
  private follow(node: Syntax, inChain: boolean): (child: Syntax) => string {
    return (child) => {
      const isSpine = child === node.callee || child === node.object || node.type === 'ChainExpression';
      return this.write(child, inChain && isSpine);
    };
  }

  private add(node: Syntax, changes: readonly Change[]): readonly Mutant[] {
    const was = this.textOf(node);
    const place = this.firstId + this.mutants.length;
    const line = this.source.slice(0, node.start).split('\n').length;
    const seen = new Set([was]);
    const added: Mutant[] = [];
    for (const { operator, becomes } of changes) {
      if (seen.has(becomes)) continue;
      seen.add(becomes);
      added.push({ id: place + added.length, file: this.file, line, operator, was, becomes, place });
    }
    this.mutants.push(...added);
    return added;
  }
}

const burn = 'if(--__m.fuel<0)__m.stop();';
const forced = (value: string): Change => ({ operator: 'condition', becomes: value });

/** `undefined` for what a function gives back, unless that is a constant, which is changed as one. */
function nothingInstead(value: unknown): readonly Change[] {
  const isConstant = isSyntax(value) && (value.type === 'Literal' || value.name === 'undefined');
  return isConstant ? [] : [{ operator: 'return', becomes: 'undefined' }];
}
