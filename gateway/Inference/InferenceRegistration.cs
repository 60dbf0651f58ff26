using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference.Relay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.Inference;

/// <summary>Registers the pipeline and its stages.</summary>
public static class InferenceRegistration
{
    /// <summary>
    /// Adds the pipeline. A host that lives on between requests adds <see cref="AfterAnswerOptions"/> of its own first.
    /// </summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.TryAddSingleton(new AfterAnswerOptions(Held: null));
        services.TryAddSingleton(new OutputOptions());
        services.TryAddSingleton(new ResponseCacheOptions());
        return services
            .AddSingleton<StreamRelay>()
            .AddSingleton<JsonRelay>()
            .AddSingleton<BytesRelay>()
            .AddSingleton<Estimator>()
            .AddSingleton<MissingPlans>()
            .AddSingleton<Suggestions>()
            .AddSingleton<RouteSelector>()
            .AddSingleton<AttemptLeases>()
            .AddSingleton<UpstreamCaller>()
            .AddSingleton<AfterAnswers>()
            .AddHostedService(provider => provider.GetRequiredService<AfterAnswers>())
            .AddSingleton<ParseStage>()
            .AddSingleton<IdempotencyStage>()
            .AddSingleton<ModelStage>()
            .AddSingleton<BindStage>()
            .AddSingleton<CacheStage>()
            .AddSingleton<IDayClosingStep, ResponseCleanup>()
            .AddSingleton<ReserveStage>()
            .AddSingleton<UpstreamStage>()
            .AddSingleton<RelayStage>()
            .AddSingleton<SettlementStage>()
            .AddSingleton<InferencePipeline>();
    }
}
