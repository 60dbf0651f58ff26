using System.Reflection;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Settings;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>
/// Fills the parameters of a queue function: messages as they are, as text, bytes or JSON, and the actions on them.
/// </summary>
internal static class QueueParameters
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <exception cref="FunctionBindingException">The trigger's parameter does not fit <c>IsBatched</c>.</exception>
    public static BindRule<QueueInvocation> Rule(FoundFunction function, bool batched) => parameter =>
        parameter.ParameterType == typeof(ServiceBusMessageActions) ? invocation => invocation.Actions
        : parameter.Position != function.Parameter.Position ? null
        : batched ? Batch(parameter)
        : Single(parameter.ParameterType);

    private static Bind<QueueInvocation> Single(Type type)
    {
        var read = Reader(type);
        return invocation => read(invocation.Messages[0]);
    }

    private static Bind<QueueInvocation> Batch(ParameterInfo parameter)
    {
        var element = parameter.ParameterType.GetElementType()
            ?? throw new FunctionBindingException($"the parameter {parameter.Name} of a batch must be an array");
        var read = Reader(element);
        return invocation =>
        {
            var values = Array.CreateInstance(element, invocation.Messages.Count);
            for (var i = 0; i < values.Length; i++)
            {
                values.SetValue(read(invocation.Messages[i]), i);
            }

            return values;
        };
    }

    private static Func<ServiceBusReceivedMessage, object?> Reader(Type type) =>
        type == typeof(ServiceBusReceivedMessage) ? message => message
        : type == typeof(string) ? message => message.Body.ToString()
        : type == typeof(byte[]) ? message => message.Body.ToArray()
        : type == typeof(BinaryData) ? message => message.Body
        : message => JsonSerializer.Deserialize(message.Body, type, Json);
}
