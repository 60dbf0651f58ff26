using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Tests.Hosting.Samples;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Tests.Hosting;

/// <summary>A function app of sample functions, a client on it, and what its functions and its log say.</summary>
internal sealed class SampleApp : IAsyncDisposable
{
    public const string FunctionKey = "a-function-key";
    public const string MasterKey = "a-master-key";

    private readonly ServiceProvider _clients;

    private SampleApp(FunctionApp host, Notebook notebook, LogSink log)
    {
        Host = host;
        Notebook = notebook;
        Log = log;
        _clients = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        Client = _clients.GetRequiredService<IHttpClientFactory>().CreateClient();
        Client.BaseAddress = host.Url;
    }

    public FunctionApp Host { get; }

    public Notebook Notebook { get; }

    public LogSink Log { get; }

    public HttpClient Client { get; }

    public static Task<SampleApp> StartAsync<T>(Func<FunctionAppOptions, FunctionAppOptions>? change = null, Notebook? notebook = null) =>
        StartAsync(typeof(T), change, notebook);

    public static async Task<SampleApp> StartAsync(
        Type sample, Func<FunctionAppOptions, FunctionAppOptions>? change = null, Notebook? notebook = null)
    {
        notebook ??= new Notebook();
        var log = new LogSink();
        var options = new FunctionAppOptions
        {
            Assemblies = [],
            Classes = [sample],
            Keys = new HostKeys(FunctionKey, MasterKey),
            ConfigureServices = services => services.AddSingleton(notebook),
            ConfigureLogging = logging => logging.AddProvider(log),
        };
        return new SampleApp(await FunctionApp.StartAsync(change?.Invoke(options) ?? options), notebook, log);
    }

    public static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();

    public async ValueTask DisposeAsync()
    {
        Notebook.Release();
        Client.Dispose();
        await _clients.DisposeAsync();
        await Host.DisposeAsync();
    }
}
