using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Freeway.Functions.Tests")]
