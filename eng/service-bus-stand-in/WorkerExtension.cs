using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Grpc.Net.Client;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.ServiceBus.Grpc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: WorkerExtensionStartup(typeof(Microsoft.Azure.Functions.Worker.ServiceBusExtensionStartup))]

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Adds what the worker needs to settle messages. The code that the worker's SDK generates calls it.</summary>
public sealed class ServiceBusExtensionStartup : WorkerExtensionStartup
{
    /// <summary>The setting in which the worker keeps the host's address, from its command line.</summary>
    private const string HostEndpoint = "Functions:Worker:HostEndpoint";

    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder) =>
        applicationBuilder.Services.AddSingleton(provider => new Settlement.SettlementClient(GrpcChannel.ForAddress(
            provider.GetRequiredService<IConfiguration>()[HostEndpoint]!)));
}

/// <summary>Fills a parameter of the type <see cref="ServiceBusMessageActions"/>.</summary>
internal sealed class ServiceBusMessageActionsConverter(Settlement.SettlementClient settlement) : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) =>
        ValueTask.FromResult(ConversionResult.Success(new ServiceBusMessageActions(settlement)));
}

/// <summary>
/// Reads messages as the host sends them: 16 bytes of the lock token, then the message in AMQP's encoding. Other types
/// of the parameter are left to the worker's own converters.
/// </summary>
[SupportsDeferredBinding]
[SupportedTargetType(typeof(ServiceBusReceivedMessage))]
[SupportedTargetType(typeof(ServiceBusReceivedMessage[]))]
internal sealed class ServiceBusReceivedMessageConverter : IInputConverter
{
    private const string Source = "AzureServiceBusReceivedMessage";
    private const string ContentType = "application/octet-stream";
    private const int LockToken = 16;

    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => ValueTask.FromResult(Convert(context));

    private static ConversionResult Convert(ConverterContext context)
    {
        try
        {
            return context.Source switch
            {
                ModelBindingData one => ConversionResult.Success(Read(one)),
                CollectionModelBindingData many => ConversionResult.Success(Array.ConvertAll(many.ModelBindingData, Read)),
                _ => ConversionResult.Unhandled(),
            };
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return ConversionResult.Failed(error);
        }
    }

    private static ServiceBusReceivedMessage Read(ModelBindingData data)
    {
        if (data.Source != Source || data.ContentType != ContentType)
        {
            throw new FormatException($"{data.Source} of type {data.ContentType} is no message of a queue.");
        }

        var bytes = data.Content.ToMemory();
        return ServiceBusReceivedMessage.FromAmqpMessage(
            AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(bytes[LockToken..])),
            BinaryData.FromBytes(bytes[..LockToken]));
    }
}
