using Freeway.Gateway.Inference.Relay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.Inference;

/// <summary>Brings the pipeline and its stages.</summary>
public static class InferenceRegistration
{
    /// <summary>A host that lives on between requests registers <see cref="AfterAnswerOptions"/> of its own.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.TryAddSingleton(new AfterAnswerOptions(Held: null));
        return services
            .AddSingleton<StreamRelay>()
            .AddSingleton<JsonRelay>()
            .AddSingleton<BytesRelay>()
            .AddSingleton<Estimator>()
            .AddSingleton<IdempotencyStage>()
            .AddSingleton<MissingPlans>()
            .AddSingleton<QuoteStage>()
            .AddSingleton<CandidateStage>()
            .AddSingleton<AdmitStage>()
            .AddSingleton<RouteStage>()
            .AddSingleton<UpstreamStage>()
            .AddSingleton<AfterAnswers>()
            .AddHostedService(provider => provider.GetRequiredService<AfterAnswers>())
            .AddSingleton<SettlementStage>()
            .AddSingleton<Suggestions>()
            .AddSingleton<InferencePipeline>();
    }
}
