using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Freeway.Runner.Tests")]
