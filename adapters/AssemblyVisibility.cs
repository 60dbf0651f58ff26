using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Freeway.Adapters.Tests")]
