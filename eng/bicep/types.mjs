// Types: every resource body against the snapshot of Azure's type definitions, every property chain on a resource or module,
// every value that is given to a module or is the default of a parameter.
import { functions } from './functions.mjs';
import { constant, everything, property } from './project.mjs';

const Required = 1;
const ReadOnly = 2;
const ofBicep = ['parent', 'scope', 'dependsOn'];
const subscriptionTypes = ['Microsoft.Resources/resourceGroups'];
const kinds = {
  String: 'string', StringLiteral: 'string', Integer: 'int', Boolean: 'bool', Object: 'object', DiscriminatedObject: 'object', Array: 'array',
};
const numbers = { minValue: (value, bound) => value >= bound, maxValue: (value, bound) => value <= bound };
const lengths = { minLength: (value, bound) => value.length >= bound, maxLength: (value, bound) => value.length <= bound };

/** What is newer than the snapshot, each with where it was read: type and path to the values that it may have. */
const additions = {
  // learn.microsoft.com, "Site update strategies in Flex Consumption" (2025-10); accepted by API version 2024-11-01.
  'Microsoft.Web/sites@2024-11-01': { 'properties.functionAppConfig.siteUpdateStrategy.type': ['Recreate', 'RollingUpdate'] },
};

export function checkTypes(project, snapshot) {
  for (const file of project.files.values()) {
    new FileTypes(project, file, snapshot).check();
  }
}

class FileTypes {
  #project;
  #file;
  #snapshot;
  #additions = {};

  constructor(project, file, snapshot) {
    [this.#project, this.#file, this.#snapshot] = [project, file, snapshot];
  }

  check() {
    this.#file.resources.forEach(resource => this.#checkResource(resource));
    this.#file.of('module').forEach(module => this.#checkModule(module));
    this.#file.of('param').forEach(param => this.#checkParam(param));
    for (const one of this.#file.of('output')) {
      this.#expect(one.value, one.type.name, `output ${one.name}`);
    }

    const declarations = this.#file.declarations;
    for (const { expression } of declarations.flatMap(everything)) {
      if (expression.kind === 'member') { this.#type(expression, true); }
    }
  }

  #report(rule, line, message) {
    this.#project.report(rule, this.#file, line, message);
  }

  #body(resource) {
    const number = this.#snapshot.resources[`${resource.type}@${resource.version}`];
    return number === undefined ? null : this.#snapshot.types[number];
  }

  #checkResource(resource) {
    const { line, body, type } = resource;
    const definition = this.#body(resource);
    if (!definition) {
      this.#report('resource-type', line, `${type}@${resource.version} is not in types.json: a wrong name or version, or add it to types/wanted.txt`);
      return;
    }

    if (subscriptionTypes.includes(type) !== (this.#file.scope === 'subscription')) {
      this.#report('scope', line, `${type} cannot be deployed to a ${this.#file.scope}`);
    }

    this.#checkParent(resource);
    const given = { ...body, properties: body.properties.filter(one => !ofBicep.includes(constant(one.key))) };
    if (resource.existing) {
      if (!property(body, 'name')) { this.#report('required', line, `${resource.name} needs a name`); }
      return;
    }

    const asAll = parent => ['location', 'tags'].filter(name => !parent && definition.properties.tags && definition.properties[name] && !property(body, name));
    for (const name of asAll(resource.outer)) { this.#report('required', line, `${resource.name} needs ${name} like all`); }
    this.#additions = additions[`${type}@${resource.version}`] ?? {};
    this.#assign(given, definition, '', line);
    this.#additions = {};
  }

  #checkParent(resource) {
    const parent = property(resource.body, 'parent')?.value;
    const symbol = this.#file.symbols.get((parent?.kind === 'index' ? parent.of : parent)?.name);
    if (parent && !resource.type.startsWith(`${symbol?.type}/`)) {
      this.#report('parent', resource.line, `${resource.type} is no child of ${symbol?.type ?? 'what is no resource'}`);
    } else if (!parent && !resource.outer && resource.type.split('/').length > 2) {
      this.#report('parent', resource.line, `${resource.type} needs its parent`);
    }

    if (symbol && !!symbol.loop !== (parent.kind === 'index')) {
      this.#report('parent', resource.line, `${symbol.name} is ${symbol.loop ? 'many' : 'one'}`);
    }

    const scope = property(resource.body, 'scope');
    if (scope && !this.#type(scope.value)?.properties?.id) {
      this.#report('scope', scope.line, 'the scope must be a resource');
    }
  }

  #checkModule(module) {
    const target = module.file;
    if (!target) {
      return;
    }

    const scope = property(module.body, 'scope');
    if (this.#file.scope !== target.scope && this.#file.symbols.get(scope?.value?.name)?.type !== 'Microsoft.Resources/resourceGroups') {
      this.#report('scope', module.line, `${module.name} is for a ${target.scope}: it needs the resource group as its scope`);
    }

    for (const one of module.body.properties.filter(one => !['params', 'scope', 'dependsOn', 'name'].includes(constant(one.key)))) {
      this.#report('unknown', one.line, `a module has no ${constant(one.key)}`);
    }

    const given = property(module.body, 'params')?.value?.properties ?? [];
    for (const one of given) {
      const param = target.of('param').find(param => param.name === constant(one.key));
      if (param) {
        this.#checkValue(one.value, param, `${module.name}.${param.name}`);
      } else {
        this.#report('unknown', one.line, `${target.path} has no parameter ${constant(one.key)}`);
      }
    }

    for (const param of target.of('param').filter(param => !param.value && !param.type.nullable)) {
      if (!given.some(one => constant(one.key) === param.name)) {
        this.#report('required', module.line, `${module.name} lacks the parameter ${param.name} of ${target.path}`);
      }
    }
  }

  #checkParam(param) {
    if (param.value) { this.#checkValue(param.value, param, param.name); }
    for (const decorator of param.decorators) {
      const name = decorator.of?.name;
      const wrong = (name in numbers && param.type.name !== 'int') || (name in lengths && !['string', 'array'].includes(param.type.name));
      if (wrong) { this.#report('decorator', param.line, `@${name} does not suit ${param.type.name}`); }
    }
  }

  /** A value that a parameter is given: its kind, and, where it is known, its bounds. */
  #checkValue(value, param, what) {
    this.#expect(value, param.type.name, what);
    const literal = value.kind === 'value' ? value.value : constant(value);
    for (const decorator of param.decorators) {
      const name = decorator.of?.name;
      const bound = decorator.arguments?.[0];
      if (name === 'allowed') {
        this.#checkAllowed(value, literal, bound, what);
      } else if (literal !== undefined && literal !== null && ((numbers[name] ?? lengths[name])?.(literal, bound.value) === false)) {
        this.#report('bound', value.line, `${what} breaks @${name}(${bound.value})`);
      }
    }
  }

  #checkAllowed(value, literal, allowed, what) {
    const values = allowed.items.map(item => constant(item) ?? item.value);
    const others = value.kind === 'name' ? this.#allowedOf(value.name) : null;
    if (!others && this.#file.symbols.get(value.name)?.keyword === 'param') {
      this.#report('enumeration', value.line, `${what} may be ${values.join(', ')}, and ${value.name} anything`);
    }

    const wrong = others?.find(one => !values.includes(one)) ?? (literal !== undefined && !values.includes(literal) ? literal : undefined);
    if (wrong !== undefined) { this.#report('enumeration', value.line, `${what} may be ${values.join(', ')}, not ${wrong}`); }
  }

  #allowedOf(name) {
    const allowed = this.#file.symbols.get(name)?.decorators?.find(one => one.of?.name === 'allowed');
    return allowed?.arguments[0].items.map(item => constant(item) ?? item.value);
  }

  #expect(value, kind, what) {
    const given = this.#kind(value);
    if (given && given !== 'any' && given !== kind) { this.#report('type', value.line, `${what} is ${kind}, not ${given}`); }
  }

  /** What kind a value is, or null where nobody knows. */
  #kind(value) {
    switch (value.kind) {
      case 'string': return 'string';
      case 'array': case 'for': return 'array';
      case 'object': return 'object';
      case 'value': return value.value === null ? null : { number: 'int', boolean: 'bool' }[typeof value.value];
      case 'unary': return value.sign === '!' ? 'bool' : 'int';
      case 'binary': return ['+', '-', '*', '/', '%'].includes(value.sign) ? 'int' : value.sign === '??' ? null : 'bool';
      case 'choice': return this.#kind(value.yes) ?? this.#kind(value.no);
      case 'call': return functions[value.of.name]?.[2] ?? null;
      case 'name': {
        const symbol = this.#file.symbols.get(value.name);
        return symbol?.keyword === 'var' ? this.#kind(symbol.value) : symbol?.type?.name ?? (symbol?.body ? 'object' : null);
      }

      default: {
        const type = this.#type(value);
        return type?.output ?? (type ? kinds[type.kind] ?? this.#unionKind(type) : null);
      }
    }
  }

  #unionKind(type) {
    return type.kind === 'Union' ? kinds[this.#snapshot.types[type.elements[0]].kind] : null;
  }

  /** The definition behind a symbol or a chain of properties; null where nobody knows. With `strict` a chain that breaks is reported. */
  #type(expression, strict = false) {
    switch (expression?.kind) {
      case 'name': {
        const symbol = this.#file.symbols.get(expression.name);
        return symbol?.keyword === 'resource' && !symbol.loop ? this.#body(symbol) : symbol?.keyword === 'module' && symbol.file ? { module: symbol } : null;
      }

      case 'index': {
        const symbol = this.#file.symbols.get(expression.of.name);
        return symbol?.keyword === 'resource' && symbol.loop ? this.#body(symbol) : null;
      }

      case 'nested': {
        const inner = this.#file.symbols.get(expression.of.name)?.body?.resources.find(one => one.name === expression.name);
        return inner ? this.#body(inner) : null;
      }

      case 'member': return this.#member(this.#type(expression.of), expression, strict);
      default: return null;
    }
  }

  #member(of, { name, line }, strict) {
    const broken = message => { if (strict) { this.#report('property', line, message); } return null; };
    if (of?.module) {
      return name === 'outputs' ? { outputs: of.module.file } : name === 'name' ? null : broken(`a module has outputs, no ${name}`);
    }

    if (of?.outputs) {
      const output = of.outputs.of('output').find(one => one.name === name);
      return output ? { output: output.type.name } : broken(`${of.outputs.path} has no output ${name}`);
    }

    if (of?.kind !== 'Object') {
      return null;
    }

    const found = of.properties[name]?.[0] ?? of.additionalProperties;
    return found === undefined ? broken(`there is no property ${name}`) : this.#snapshot.types[found];
  }

  /** Holds a value to a definition. */
  #assign(value, type, path, line) {
    const known = value.kind === 'name' ? this.#file.symbols.get(value.name) : null;
    if (known?.keyword === 'var') {
      this.#assign(known.value, type, path, line);
    } else if (value.kind === 'choice') {
      [value.yes, value.no].filter(one => one.value !== null).forEach(one => this.#assign(one, type, path, line));
    } else if (type.kind === 'Object' && value.kind === 'object') {
      this.#assignObject(value, type.properties, type.additionalProperties, path, line);
    } else if (type.kind === 'DiscriminatedObject' && value.kind === 'object') {
      this.#assignCase(value, type, path, line);
    } else if (type.kind === 'Array' && ['array', 'for'].includes(value.kind)) {
      const items = value.kind === 'for' ? [value.body] : value.items;
      items.forEach(item => this.#assign(item, this.#snapshot.types[type.itemType], path, item.line));
    } else {
      this.#assignScalar(value, type, path);
    }
  }

  #assignObject(value, properties, more, path, line) {
    for (const one of value.properties) {
      const name = constant(one.key);
      const at = path ? `${path}.${name}` : name;
      const [number, flags] = properties[name] ?? [more, 0];
      if (name === undefined && more === undefined) {
        continue;
      } else if (number === undefined) {
        this.#assignAddition(one, at);
      } else if (flags & ReadOnly) {
        this.#report('read-only', one.line, `${at} is read-only`);
      } else {
        this.#assign(one.value, this.#snapshot.types[number], at, one.line);
      }
    }

    for (const [name] of Object.entries(properties).filter(([, [, flags]]) => (flags & Required) && !(flags & ReadOnly))) {
      if (!property(value, name)) { this.#report('required', line, `${path ? `${path}.` : ''}${name} is required`); }
    }
  }

  #assignAddition(one, at) {
    const [path, values] = Object.entries(this.#additions).find(([path]) => path === at || path.startsWith(`${at}.`)) ?? [];
    if (!path) {
      this.#report('unknown', one.line, `there is no property ${at}`);
    } else if (path !== at) {
      one.value.properties.forEach(inner => this.#assignAddition(inner, `${at}.${constant(inner.key)}`));
    } else {
      const wrong = (this.#allowedOf(one.value.name) ?? [constant(one.value)]).find(given => !values.includes(given));
      if (wrong !== undefined) { this.#report('enumeration', one.line, `${at} may be ${values.join(', ')}, not ${wrong}`); }
    }
  }

  #assignCase(value, type, path, line) {
    const given = constant(property(value, type.discriminator)?.value);
    const number = type.elements[given];
    if (number === undefined) {
      this.#report('enumeration', line, `${path}.${type.discriminator} may be ${Object.keys(type.elements).join(', ')}, not ${given}`);
      return;
    }

    const inner = this.#snapshot.types[number];
    this.#assignObject(value, { ...type.baseProperties, ...inner.properties }, inner.additionalProperties, path, line);
  }

  #assignScalar(value, type, path) {
    const literals = type.kind === 'Union' ? type.elements.map(number => this.#snapshot.types[number]).filter(one => one.kind === 'StringLiteral') : [];
    const values = type.kind === 'StringLiteral' ? [type.value] : literals.map(one => one.value);
    const given = constant(value) !== undefined ? [constant(value)] : value.kind === 'name' ? this.#allowedOf(value.name) ?? [] : [];
    const wrong = values.length > 0 ? given.find(one => !values.includes(one)) : undefined;
    const wanted = type.kind === 'Union' ? 'string' : kinds[type.kind];
    const kind = this.#kind(value);
    if (wrong !== undefined) {
      this.#report('enumeration', value.line, `${path} may be ${values.join(', ')}, not ${wrong}`);
    } else if (wanted && kind && kind !== 'any' && kind !== wanted) {
      this.#report('type', value.line, `${path} is ${wanted}, not ${kind}`);
    } else {
      this.#assignBounds(value, type, path);
    }
  }

  #assignBounds(value, type, path) {
    const literal = value.kind === 'value' ? value.value : constant(value);
    const bounds = typeof literal === 'number' ? numbers : typeof literal === 'string' ? lengths : {};
    for (const [name, holds] of Object.entries(bounds).filter(([name]) => name in type)) {
      if (!holds(literal, type[name])) { this.#report('bound', value.line, `${path} breaks ${name} ${type[name]}`); }
    }

    if (typeof literal === 'string' && type.pattern && !new RegExp(type.pattern).test(literal)) {
      this.#report('bound', value.line, `${path} is not like ${type.pattern}`);
    }
  }
}
