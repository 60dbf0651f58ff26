using System.Reflection;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>Gives a parameter's value for one invocation.</summary>
internal delegate object? Bind<in TInvocation>(TInvocation invocation);

/// <summary>How a trigger fills a parameter, or null where it has nothing for it.</summary>
internal delegate Bind<TInvocation>? BindRule<in TInvocation>(ParameterInfo parameter);
