// Bicep text to a tree. tree-sitter-bicep decides what is well formed and cuts it into tokens; the tree is built here,
// because the grammar knows neither Bicep's operator precedence nor that a line's end means something.
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));

const precedence = {
  '??': 1, '||': 2, '&&': 3, '==': 4, '!=': 4, '=~': 4, '!~': 4, '<': 5, '<=': 5, '>': 5, '>=': 5, '+': 6, '-': 6, '*': 7, '/': 7, '%': 7,
};
const escapes = { n: '\n', r: '\r', t: '\t' };

const known = new Map();

/** @returns {{ declarations: object[], errors: { line: number, message: string }[] }} the same for the same text. */
export function parse(text) {
  if (!known.has(text)) {
    known.set(text, read(text));
  }

  return known.get(text);
}

function read(text) {
  const root = parser.parse(text).rootNode;
  const errors = [];
  for (const node of walk(root)) {
    if (node.isError || node.isMissing) {
      errors.push({ line: node.startPosition.row + 1, message: `cannot be read near '${node.text.slice(0, 40).split('\n')[0]}'` });
    }
  }

  if (errors.length > 0) {
    return { declarations: [], errors };
  }

  const reader = new Reader([...tokens(root)]);
  try {
    return { declarations: reader.file(), errors: reader.errors };
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }

    return { declarations: [], errors: [{ line: error.line, message: error.message }] };
  }
}

function* walk(node) {
  yield node;
  for (const child of node.children) {
    yield* walk(child);
  }
}

/** Leaves of the syntax tree; a string is one token, in which each interpolation is a list of tokens. */
function* tokens(node) {
  const line = node.startPosition.row + 1;
  if (node.type === 'comment' || node.type === 'diagnostic_comment') {
    return;
  }

  if (node.type === 'string' && node.isNamed) {
    yield { kind: 'string', line, end: node.endPosition.row + 1, parts: parts(node) };
  } else if (node.childCount === 0) {
    const kind = /^[A-Za-z_]/.test(node.text) ? 'word' : /^-?\d/.test(node.text) ? 'number' : 'sign';
    yield { kind, line, end: line, text: node.text };
  } else {
    for (const child of node.children) {
      yield* tokens(child);
    }
  }
}

function parts(node) {
  const found = [];
  let at = node.startIndex + (node.text.startsWith("'''") ? 3 : 1);
  const end = node.endIndex - (node.text.startsWith("'''") ? 3 : 1);
  const take = until => { if (until > at) { found.push(node.text.slice(at - node.startIndex, until - node.startIndex)); } };
  for (const child of node.children) {
    if (child.type === 'interpolation') {
      take(child.startIndex);
      found.push(child.children.slice(1, -1).flatMap(inner => [...tokens(inner)]));
      at = child.endIndex;
    } else if (child.type === 'escape_sequence') {
      take(child.startIndex);
      found.push(escapes[child.text[1]] ?? child.text.slice(1));
      at = child.endIndex;
    }
  }

  take(end);
  return found;
}

class Reader {
  errors = [];
  #tokens;
  #at = 0;

  constructor(tokens) {
    this.#tokens = tokens;
  }

  file() {
    const found = [];
    while (this.#peek()) {
      const before = this.#tokens[this.#at - 1];
      const declaration = this.#declaration();
      if (before && before.end === declaration.line) {
        this.errors.push({ line: declaration.line, message: 'a declaration needs a line of its own' });
      }

      found.push(declaration);
    }

    return found;
  }

  #declaration() {
    const line = this.#peek().line;
    const decorators = [];
    while (this.#take('@')) {
      decorators.push(this.#postfix());
    }

    const keyword = this.#word();
    const base = { keyword, decorators, line };
    switch (keyword) {
      case 'targetScope':
        this.#expect('=');
        return { ...base, value: this.#expression() };
      case 'metadata':
      case 'var':
        return { ...base, name: this.#word(), value: (this.#expect('='), this.#expression()) };
      case 'param':
        return { ...base, name: this.#word(), type: this.#type(), value: this.#take('=') ? this.#expression() : null };
      case 'output':
        return { ...base, name: this.#word(), type: this.#type(), value: (this.#expect('='), this.#expression()) };
      case 'module':
      case 'resource': {
        const name = this.#word();
        const target = this.#expression();
        const existing = this.#take('existing');
        this.#expect('=');
        return { ...base, name, target, existing, ...this.#unwrap(this.#body()) };
      }

      default:
        throw this.#error(`'${keyword}' is not used here: only targetScope, metadata, param, var, resource, module and output`, line);
    }
  }

  /** A body may be conditional, in a loop, or both. */
  #body() {
    return this.#peek()?.text === 'if' ? this.#if() : this.#expression();
  }

  #unwrap(body) {
    const loop = body.kind === 'for' ? body : null;
    const inner = loop ? loop.body : body;
    return { loop, condition: inner.kind === 'if' ? inner.test : null, body: inner.kind === 'if' ? inner.body : inner };
  }

  #if() {
    const line = this.#peek().line;
    this.#expect('if');
    this.#expect('(');
    const test = this.#expression();
    this.#expect(')');
    return { kind: 'if', line, test, body: this.#expression() };
  }

  #type() {
    const name = this.#word();
    if (!['string', 'int', 'bool', 'object', 'array'].includes(name)) {
      throw this.#error(`the type '${name}' is not used here: only string, int, bool, object and array`);
    }

    return { name, nullable: this.#take('?') };
  }

  #expression() {
    const lambda = this.#lambda();
    if (lambda) {
      return lambda;
    }

    const test = this.#binary(1);
    if (!this.#take('?')) {
      return test;
    }

    const yes = this.#expression();
    this.#expect(':');
    return { kind: 'choice', line: test.line, test, yes, no: this.#expression() };
  }

  #lambda() {
    const [first, second] = [this.#peek(), this.#peek(1)];
    if (first?.kind === 'word' && second?.text === '=>') {
      this.#at += 2;
      return { kind: 'lambda', line: first.line, names: [first.text], body: this.#expression() };
    }

    if (first?.text !== '(') {
      return null;
    }

    const end = this.#tokens.findIndex((token, index) => index > this.#at && token.text === ')');
    if (this.#tokens[end + 1]?.text !== '=>') {
      return null;
    }

    const names = this.#tokens.slice(this.#at + 1, end).filter(token => token.kind === 'word').map(token => token.text);
    this.#at = end + 2;
    return { kind: 'lambda', line: first.line, names, body: this.#expression() };
  }

  #binary(least) {
    let left = this.#unary();
    for (let sign = this.#peek()?.text; precedence[sign] >= least; sign = this.#peek()?.text) {
      this.#at++;
      left = { kind: 'binary', line: left.line, sign, left, right: this.#binary(precedence[sign] + 1) };
    }

    return left;
  }

  #unary() {
    const token = this.#peek();
    return this.#take('!') || this.#take('-') ? { kind: 'unary', line: token.line, sign: token.text, of: this.#unary() } : this.#postfix();
  }

  #postfix() {
    let of = this.#primary();
    for (;;) {
      const token = this.#peek();
      const line = token?.line;
      if (this.#take('.') || this.#take('.?')) {
        of = { kind: 'member', line, of, name: this.#word(), safe: token.text === '.?' };
      } else if (this.#take('::')) {
        of = { kind: 'nested', line, of, name: this.#word() };
      } else if (token?.text === '[' && token.line === this.#tokens[this.#at - 1].end && this.#take('[')) {
        const safe = this.#take('?');
        of = { kind: 'index', line, of, index: this.#expression(), safe };
        this.#expect(']');
      } else if (token?.text === '(' && (of.kind === 'name' || of.kind === 'member')) {
        of = { kind: 'call', line, of, arguments: this.#list('(', ')', () => this.#expression(), true) };
      } else if (token?.text === '!' && token.line === this.#tokens[this.#at - 1].end) {
        this.#at++;
      } else {
        return of;
      }
    }
  }

  #primary() {
    const token = this.#peek();
    const line = token?.line;
    if (token?.kind === 'string') {
      this.#at++;
      return { kind: 'string', line, parts: token.parts.map(part => typeof part === 'string' ? part : new Reader(part).#whole()) };
    }

    if (token?.kind === 'number') {
      this.#at++;
      return { kind: 'value', line, value: Number(token.text) };
    }

    if (this.#take('(')) {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }

    if (token?.text === '[') {
      return this.#peek(1)?.text === 'for' ? this.#for() : { kind: 'array', line, items: this.#list('[', ']', () => this.#expression(), false) };
    }

    if (token?.text === '{') {
      const members = this.#list('{', '}', () => this.#member(), false);
      return {
        kind: 'object', line, properties: members.filter(member => !member.keyword), resources: members.filter(member => member.keyword),
      };
    }

    const word = this.#word();
    const literal = { true: true, false: false, null: null };
    return word in literal ? { kind: 'value', line, value: literal[word] } : { kind: 'name', line, name: word };
  }

  #member() {
    if (this.#peek().text === 'resource' && this.#peek(1)?.kind === 'word') {
      return this.#declaration();
    }

    const token = this.#peek();
    const key = token.kind === 'string' ? this.#primary() : { kind: 'string', line: token.line, parts: [this.#word()] };
    this.#expect(':');
    return { line: token.line, key, value: this.#expression() };
  }

  #for() {
    const line = this.#peek().line;
    this.#at += 2;
    const names = this.#peek().text === '(' ? this.#list('(', ')', () => this.#word(), true) : [this.#word()];
    this.#expect('in');
    const of = this.#expression();
    this.#expect(':');
    const body = this.#body();
    this.#expect(']');
    return { kind: 'for', line, names, of, body };
  }

  /** Items stand apart by commas, or, outside of parentheses, by lines. */
  #list(open, close, item, commasOnly) {
    this.#expect(open);
    const items = [];
    while (!this.#take(close)) {
      items.push(item());
      const last = this.#tokens[this.#at - 1];
      const comma = this.#take(',');
      const next = this.#peek();
      if (!comma && next && next.text !== close && (commasOnly || next.line === last.end)) {
        throw this.#error(`a comma${commasOnly ? '' : ' or a new line'} is missing`);
      }
    }

    return items;
  }

  #whole() {
    const expression = this.#expression();
    if (this.#peek()) {
      throw this.#error(`'${this.#peek().text}' is not expected`);
    }

    return expression;
  }

  #peek(ahead = 0) {
    return this.#tokens[this.#at + ahead];
  }

  #take(text) {
    const taken = this.#peek()?.kind !== 'string' && this.#peek()?.text === text;
    this.#at += taken ? 1 : 0;
    return taken;
  }

  #expect(text) {
    if (!this.#take(text)) {
      throw this.#error(`'${text}' is expected, not '${this.#peek()?.text ?? ''}'`);
    }
  }

  #word() {
    const token = this.#peek();
    if (token?.kind !== 'word') {
      throw this.#error(`a name is expected, not '${token?.text ?? ''}'`);
    }

    this.#at++;
    return token.text;
  }

  #error(message, line = this.#peek()?.line ?? this.#tokens.at(-1)?.line ?? 1) {
    return Object.assign(new SyntaxError(message), { line });
  }
}
