using Freeway.Gateway.Inference.Relays;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Inference;

/// <summary>Brings the pipeline and its stages.</summary>
public static class InferenceRegistration
{
    public static IServiceCollection AddInference(this IServiceCollection services) => services
        .AddSingleton<StreamRelay>()
        .AddSingleton<JsonRelay>()
        .AddSingleton<BytesRelay>()
        .AddSingleton<Estimating>()
        .AddSingleton<RepeatStage>()
        .AddSingleton<MissingPlans>()
        .AddSingleton<QuoteStage>()
        .AddSingleton<Candidates>()
        .AddSingleton<AdmitStage>()
        .AddSingleton<RouteStage>()
        .AddSingleton<UpstreamStage>()
        .AddSingleton<Settlement>()
        .AddSingleton<Suggestions>()
        .AddSingleton<InferencePipeline>();
}
