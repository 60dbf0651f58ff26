using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Worker.Protocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Worker;

/// <summary>Writes what triggered a function in the form in which the worker's converters read it.</summary>
internal static class WorkerData
{
    private static readonly TypedData Forwarded = new() { Http = new RpcHttp() };

    /// <summary>The request comes to the worker by itself; here come only the values that name parameters.</summary>
    public static InvocationRequest Of(string parameter, HttpContext http, RouteValueDictionary values)
    {
        var request = new InvocationRequest
        {
            InputData = { new ParameterBinding { Name = parameter, Data = Forwarded } },
            TraceContext = new RpcTraceContext
            {
                TraceParent = http.Request.Headers.TraceParent.ToString(),
                TraceState = http.Request.Headers.TraceState.ToString(),
            },
        };
        foreach (var (name, value) in http.Request.Query)
        {
            request.TriggerMetadata[name] = new TypedData { String = value.ToString() };
        }

        // A route's value goes over one of the query that has its name.
        foreach (var (name, value) in values)
        {
            request.TriggerMetadata[name] = new TypedData { String = value?.ToString() ?? "" };
        }

        return request;
    }

    public static InvocationRequest Of(string parameter, TimerInfo timer) =>
        Of(parameter, new TypedData { Json = JsonSerializer.Serialize(timer) });

    /// <param name="function">A function of messages: it says in which form it takes them.</param>
    public static InvocationRequest Of(WorkerFunction function, IReadOnlyList<ServiceBusReceivedMessage> messages) =>
        Of(function.Parameter, function.Queue.IsBatched ? Many(function, messages) : One(function, messages[0]));

    private static InvocationRequest Of(string parameter, TypedData data) => new()
    {
        InputData = { new ParameterBinding { Name = parameter, Data = data } },
        TraceContext = new RpcTraceContext(),
    };

    private static TypedData One(WorkerFunction function, ServiceBusReceivedMessage message) =>
        function.TakesWholeMessages ? new() { ModelBindingData = Whole(message) }
        : function.TakesBytes ? new() { Bytes = Bytes(message) }
        : new() { String = message.Body.ToString() };

    private static TypedData Many(WorkerFunction function, IReadOnlyList<ServiceBusReceivedMessage> messages)
    {
        if (function.TakesWholeMessages)
        {
            return new() { CollectionModelBindingData = new() { ModelBindingData = { messages.Select(Whole) } } };
        }

        return function.TakesBytes
            ? new() { CollectionBytes = new() { Bytes = { messages.Select(Bytes) } } }
            : new() { CollectionString = new() { String = { messages.Select(message => message.Body.ToString()) } } };
    }

    /// <summary>The lock token's 16 bytes, then the message as AMQP encodes it.</summary>
    private static ModelBindingData Whole(ServiceBusReceivedMessage message)
    {
        var encoded = message.GetRawAmqpMessage().ToBytes().ToMemory();
        var content = new byte[16 + encoded.Length];
        Guid.Parse(message.LockToken).TryWriteBytes(content);
        encoded.CopyTo(content.AsMemory(16));
        return new ModelBindingData
        {
            Version = "1.0",
            Source = "AzureServiceBusReceivedMessage",
            ContentType = "application/octet-stream",
            Content = UnsafeByteOperations.UnsafeWrap(content),
        };
    }

    private static ByteString Bytes(ServiceBusReceivedMessage message) =>
        UnsafeByteOperations.UnsafeWrap(message.Body.ToMemory());
}
