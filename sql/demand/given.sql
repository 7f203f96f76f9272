-- what the forecasting engine gives back knows no units of measure
create temp table engine_forecast as select * exclude (unit_of_measure) from forecast;

create temp table engine_backtest as select * exclude (unit_of_measure) from forecast_backtest;

create temp table engine_accuracy as select * exclude (unit_of_measure) from forecast_accuracy;
