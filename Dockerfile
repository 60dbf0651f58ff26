# Freeway as one container: embedded tables and queue on a volume, one port. docs/self-hosting.md says what they promise.
# Not run where Freeway is developed, which has no container engine; a test checks the names in it against the repository.
#   docker build -t freeway .
#   docker run -p 127.0.0.1:7071:7071 -v freeway:/data -e Freeway__AdminKeyHash=… freeway
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
# What the build of runner/ reads, as in ./run.
COPY .editorconfig nuget.config global.json BannedSymbols.txt Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY host.json catalogue.json ./
COPY presets presets
COPY eng/ReadyToRun.targets eng/ReadyToRun.targets
COPY eng/service-bus-stand-in eng/service-bus-stand-in
COPY gateway gateway
COPY adapters adapters
COPY functions functions
COPY runner runner
RUN dotnet build runner -c Release --nologo --disable-build-servers
# The last image has no shell to make a folder with.
RUN mkdir /data

# Chiselled: no shell, no package manager, and its user is not root. "extra" has the time zones that plans may name.
# Without a shell or curl there is no HEALTHCHECK: let what runs the container ask GET /health/live and /health/ready.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /source/runner/bin/Release/net10.0 ./
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
USER $APP_UID
VOLUME /data
EXPOSE 7071
# A stop lets requests under way finish, for 30 seconds at most: docker stop --time 40.
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "Freeway.Runner.dll", "--bind", "0.0.0.0", "--port", "7071", "--data", "/data", "--sync", "full"]
CMD ["--no-seed"]
