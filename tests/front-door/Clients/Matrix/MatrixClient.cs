using System.ClientModel.Primitives;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>A column of the matrix.</summary>
/// <param name="Name">As in <c>tests/clients/outcomes.json</c>.</param>
/// <param name="Packages">As <c>tests/clients/package.json</c> names them; none for .NET.</param>
public sealed record MatrixClient(string Name, string Title, IReadOnlyList<string> Packages, Func<Task<IMatrixClient>> StartAsync)
{
    /// <summary>All of them, in the order of the docs.</summary>
    public static IReadOnlyList<MatrixClient> All { get; } =
    [
        Npm("openai-6", "openai 6", "openai-6"),
        Npm("openai-7", "openai 7", "openai"),
        new("dotnet", "OpenAI .NET", [], () => Task.FromResult<IMatrixClient>(new DotNetPlayer(null))),
        new("dotnet-obeys", "OpenAI .NET, `ObeyingRetryPolicy`", [], () => Task.FromResult<IMatrixClient>(new DotNetPlayer(new ObeyingRetryPolicy()))),
        new("dotnet-0", "OpenAI .NET, `ClientRetryPolicy(0)`", [], () => Task.FromResult<IMatrixClient>(new DotNetPlayer(new ClientRetryPolicy(0)))),
        Npm("ai-6", "ai 6", "ai-6", "@ai-sdk/openai-compatible-2"),
        Npm("ai-7", "ai 7", "ai", "@ai-sdk/openai-compatible"),
        Npm("openrouter", "ai 7, OpenRouter's provider", "ai", "@openrouter/ai-sdk-provider"),
        Npm("langchain", "LangChain", "@langchain/openai", "openai"),
        Npm("groq", "groq-sdk", "groq-sdk"),
        Npm("anthropic", "Anthropic's SDK", "@anthropic-ai/sdk"),
        Npm("ai-anthropic", "ai 7, Anthropic's provider", "ai", "@ai-sdk/anthropic"),
    ];

    private static MatrixClient Npm(string name, string title, params string[] packages) => new(name, title, packages, () => NodePlayer.StartAsync(name));
}
