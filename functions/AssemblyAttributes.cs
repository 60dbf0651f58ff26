using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage(
    "ApiDesign", "RS0030", Scope = "type", Target = "~T:Freeway.Functions.WorkerExtensionStartupCodeExecutor",
    Justification = "The worker's SDK generates this class, and tells the console where an extension cannot be "
        + "started.")]
