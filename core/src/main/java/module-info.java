/** The neutral job model, the provider SPI and the one shell that runs providers. */
module io.joblens.core {
  requires com.fasterxml.jackson.core;
  requires org.slf4j;
  requires static transitive org.jspecify;
  requires static org.snakeyaml.engine;

  exports io.joblens;
  exports io.joblens.spi;

  uses io.joblens.spi.HttpTransportFactory;
  uses io.joblens.spi.JobProviderFactory;
}
